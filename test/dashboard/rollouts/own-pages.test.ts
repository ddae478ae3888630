import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../../http/app/small-app.ts";
import { realApp } from "../../http/app/real-app.ts";
import { appWith, partOf, strangeName, textOf, told } from "./told.ts";

let small: SmallApp;
beforeAll(async () => {
  small = await appWith([
    ...told,
    [
      "2026-04-10T00:00:00Z",
      "RolloutSubmitted",
      {
        rollout: "held",
        cluster: "beta",
        updates: [],
        impact: { kind: "impactless" },
        urgency: "routine",
      },
    ],
    [
      "2026-03-10T00:00:00Z",
      "NfzDeclared",
      {
        nfz: "saturdays",
        cluster: "gamma",
        inFlight: "finish",
        recurrence: {
          rrule: "FREQ=WEEKLY;BYDAY=SA",
          start: "2026-03-14T08:00",
          zone: "UTC",
          durationMs: 7_200_000,
        },
        tzdata: "2026f",
        resolvedUntil: "2026-04-17T00:00:00Z",
        occurrences: [{ from: "2026-04-11T08:00:00Z", to: "2026-04-11T10:00:00Z" }],
      },
    ],
  ]);
});
afterAll(() => small.app.close());

const get = async (url: string) => {
  const { statusCode, body } = await small.app.inject(url);
  expect(statusCode).toBe(200);
  return body;
};

/** What the buttons of a page open. */
function formsOf(page: string): readonly { readonly id: string; readonly address: string }[] {
  const [, json = "[]"] = /data-forms="([^"]*)"/.exec(page) ?? [];
  return JSON.parse(
    json.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&"),
  ) as [];
}

describe("a rollout's page", () => {
  it("says what it is, since when it is held, by which zone and until when", async () => {
    const text = textOf(await get("/rollouts/alpha/held"));
    expect(text).toContain(
      "driver 2: held since 12 Apr 00:00 (3 d 13 h); freeze holds it, until 20 Apr 00:00, in 4 d 11 h.",
    );
    expect(text).toContain("past its deadline");
  });

  it("lists overrides with state, role, actor and reason, and each event with who stated it", async () => {
    const page = await get("/rollouts/alpha/held");
    expect(partOf(page, 'id="p-overrides"', "</section>")).toContain(
      "expired only reported 13 Apr 06:00 freeze approver, eva the hole is being used",
    );
    expect(partOf(page, 'id="p-events"', "</section>")).toContain(
      "held was refused by freeze a report ben asked &lt;first&gt;",
    );
  });

  it("offers what its state allows, and nothing else", async () => {
    const of = async (url: string) => formsOf(await get(url)).map(({ id }) => id);
    expect(await of("/rollouts/alpha/held")).toEqual(["start", "overrides", "cancel", "supersede"]);
    expect(await of("/rollouts/alpha/half")).toEqual([
      "resume",
      "overrides",
      "fail",
      "roll-back",
      "progress",
    ]);
    expect(await of("/rollouts/beta/ended")).toEqual([]);
  });

  it("of one that has ended says when, and how long ago", async () => {
    expect(textOf(await get("/rollouts/beta/ended"))).toMatch(/: [a-z ]+ \d+ Apr [\d:]+, .* ago\./);
  });

  it("is that of its cluster where two clusters use one id, and names the other", async () => {
    const beta = textOf(await get("/rollouts/beta/held"));
    expect(beta).toContain("nothing holds it: it may be asked to start");
    expect(beta).toContain("The same name in alpha");
  });

  it("is found by a name that is no plain word, and sends commands to the right address", async () => {
    const page = await get(`/rollouts/alpha/${encodeURIComponent(strangeName)}`);
    expect(page).toContain("<h1>a&lt;b&gt;/c&quot;d&#39;&amp;e?f#g%h</h1>");
    expect(formsOf(page)[0]?.address).toBe(`/v1/rollouts/${encodeURIComponent(strangeName)}/start`);
    // Quotes in a name do not end those of the command.
    expect(page).toContain("d&#39;\\&#39;&#39;");
  });

  it("is not found where no fact names it at the position", async () => {
    expect((await small.app.inject("/rollouts/alpha/nothing")).statusCode).toBe(404);
    expect((await small.app.inject("/rollouts/gamma/held")).statusCode).toBe(404);
    expect((await small.app.inject("/rollouts/alpha/half?asOf=8")).statusCode).toBe(404);
  });
});

it("shows what was recorded at this very instant, and not ten seconds later", async () => {
  const real = await realApp();
  const { app } = real;
  const submission = {
    rollout: "new",
    cluster: "alpha",
    actor: "ben",
    urgency: "routine",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
  };
  // The clock stands still: the event occurs, is recorded and is looked at in one millisecond.
  const sent = await app.inject({
    url: "/v1/rollouts",
    method: "POST",
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(submission),
  });
  expect(sent.statusCode).toBe(201);
  const page = (await app.inject("/rollouts/alpha/new")).body;
  expect(formsOf(page).map(({ id }) => id)).toContain("start");
  await real.close();
});

describe("a no-fly zone's page", () => {
  it("says whether it is in force and until when, where, and who declared it and why", async () => {
    const text = textOf(await get("/nfz/alpha/freeze"));
    expect(text).toContain("In force since 10 Apr 00:00, until 20 Apr 00:00: 4 d 11 h left.");
    expect(text).toContain("Where the whole cluster");
    expect(text).toContain("by ann: the books &lt;close&gt;");
  });

  it("lists the rollouts that wait for it, and its occurrences by their state", async () => {
    const page = await get("/nfz/alpha/freeze");
    expect(partOf(page, 'id="p-holds"', "</section>")).toContain("held held security 3 d 13 h");
    expect(partOf(page, 'id="p-occurrences"', "</section>")).toContain(
      "10 Apr 00:00 20 Apr 00:00 10 d running",
    );
  });

  it("offers to change what is left of it, and nothing once it is over", async () => {
    expect(formsOf(await get("/nfz/alpha/freeze")).map(({ id }) => id)).toEqual([
      "extend",
      "shorten",
      "lift",
      "cancel",
    ]);
    const gone = await get("/nfz/alpha/gone");
    expect(textOf(gone)).toContain("It is over: nothing of it is to come.");
    expect(formsOf(gone)).toEqual([]);
  });

  it("does not say of a rule that goes on that nothing is to come", async () => {
    const text = textOf(await get("/nfz/gamma/saturdays"));
    expect(text).toContain("Not in force, nor up to 17 Apr 00:00; its rule goes on after that.");
  });

  it("is not found where no fact names it", async () => {
    expect((await small.app.inject("/nfz/beta/freeze")).statusCode).toBe(404);
  });
});
