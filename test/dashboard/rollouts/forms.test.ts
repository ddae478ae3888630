/** Forms are only as good as the interface that they are sent to: each is held against it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DecisionForm } from "../../../src/dashboard/decisions/form.ts";
import { bodyOf, startingValues } from "../../../src/dashboard/islands/decide/body.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import type { RealApp } from "../../http/app/real-app.ts";
import { realApp } from "../../http/app/real-app.ts";
import { told } from "./told.ts";

const paths = [
  "/rollouts",
  "/rollouts/alpha/held",
  "/rollouts/alpha/half",
  "/rollouts/alpha/running",
  "/rollouts/alpha/verifying",
  "/nfz/alpha/freeze",
  "/nfz/alpha/to-come",
];

const about = (rollout: string) => ({ rollout, cluster: "alpha" });

interface Shown {
  readonly form: DecisionForm;
  /** The body of the command that is shown to those without scripts. */
  readonly example: object;
}

const plain = (text: string) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

function shownOn(page: string): Shown[] {
  const [, json = "[]"] = /data-forms="([^"]*)"/.exec(page) ?? [];
  const forms = JSON.parse(plain(json)) as DecisionForm[];
  const decisions = page.slice(page.indexOf("data-forms="));
  const steps = decisions
    .split("<details>")
    .slice(1, forms.length + 1)
    .map((each) => [...each.matchAll(/<code>(curl [^]*?)<\/code>/g)].map(([, text = ""]) => text));
  return forms.map((form, i) => {
    const commands = steps[i] ?? [];
    // What can be previewed is so first, with the same body.
    const addresses = [form.preview, form.address].filter((each) => each !== undefined);
    expect(commands).toHaveLength(addresses.length);
    addresses.forEach((address, k) => expect(commands[k]).toContain(address));
    const [, body = ""] = / -d '([^]*)'$/.exec(plain(commands.at(-1) ?? "")) ?? [];
    return { form, example: JSON.parse(body.replaceAll(`'\\''`, "'")) as object };
  });
}

describe("every form of a decision", () => {
  let real: RealApp;
  const shown: Shown[] = [];
  beforeAll(async () => {
    const events = [
      ...told,
      ["2026-04-02T00:00:00Z", "RolloutStarted", about("running")] as const,
      ["2026-04-02T00:00:00Z", "RolloutVerificationStarted", about("verifying")] as const,
      [
        "2026-04-02T00:00:00Z",
        "NfzDeclared",
        {
          nfz: "to-come",
          cluster: "alpha",
          occurrences: [{ from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }],
          inFlight: "pause",
        },
      ] as const,
    ];
    real = await realApp({
      events: events.map(([occurredAt, type, data, more = {}]) =>
        anEvent({ occurredAt, type, data, actor: "eva", reason: "a test", ...more }),
      ),
    });
    for (const path of paths) shown.push(...shownOn((await real.app.inject(path)).body));
  });
  afterAll(() => real.close());

  const post = async (address: string, body: object) => {
    const answer = await real.app.inject({
      url: address,
      method: "POST",
      headers: { "content-type": "application/json" },
      payload: JSON.stringify(body),
    });
    return { status: answer.statusCode, text: answer.body };
  };

  it("is there for every command that a person gives", () => {
    const ids = new Set(shown.map(({ form }) => form.id));
    expect([...ids].sort()).toEqual(
      [
        "cancel",
        "complete",
        "declare",
        "extend",
        "fail",
        "lift",
        "overrides",
        "pause",
        "progress",
        "resume",
        "roll-back",
        "shorten",
        "skip",
        "start",
        "submit",
        "supersede",
        "verify",
      ].sort(),
    );
  });

  it("asks for nothing that the interface does not know", async () => {
    for (const { form } of shown) {
      const body = bodyOf(form.fields, startingValues(form.fields, ""), form.fixed);
      const { status, text } = await post(form.address, body);
      // Nothing is filled in yet.
      expect(status, form.id).toBe(400);
      expect(text, form.id).not.toContain("is unknown");
      expect(text, form.id).not.toContain("no such");
    }
  });

  it("is shown as a command that is right in form", async () => {
    for (const { form, example } of shown) {
      const { status, text } = await post(form.address, example);
      expect(status, `${form.id}: ${text}`).not.toBe(400);
    }
  });
});
