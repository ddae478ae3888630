import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../../http/app/small-app.ts";
import { smallApp } from "../../http/app/small-app.ts";
import { appWith, partOf, strangeName, textOf, told } from "./told.ts";

describe("the page of rollouts", () => {
  let small: SmallApp;
  let page = "";
  beforeAll(async () => {
    small = await appWith(told);
    page = (await small.app.inject("/rollouts")).body;
  });
  afterAll(() => small.app.close());

  const column = (id: string) => partOf(page, `<section class="column ${id}"`, "</section>");

  it("says in a sentence how many wait, for how long, what is overdue and what is in flight", () => {
    expect(textOf(page)).toContain(
      "2 rollouts wait for a no-fly zone, the longest for 13 d 1 h; 1 release is overdue; 1 is in flight, over 2 clusters.",
    );
  });

  it("has a rollout that a zone holds in its column, with its zone, its release and its missed deadline", () => {
    const held = column("held");
    expect(held).toContain("Held 1 held 3 d 13 h driver 2 · alpha security");
    expect(held).toContain("overdue since 14 Apr 00:00");
    expect(held).toContain("held by freeze, next release 20 Apr 00:00");
    expect(held).toContain("declared 5 min a node");
  });

  it("counts what no zone holds any more as releasable, and its release as overdue", () => {
    expect(column("releasable")).toContain("Releasable 1 forgotten");
    expect(column("releasable")).toContain("release overdue");
    expect(column("held")).not.toContain("forgotten");
  });

  it("shows how far a rollout is, and that it is paused", () => {
    expect(column("in-progress")).toContain("half");
    expect(column("in-progress")).toContain("paused");
    expect(column("in-progress")).toContain("3 of 8 nodes");
  });

  it("shows what ended in the last 30 days, and leaves out what ended before", () => {
    expect(column("done")).toContain("ended 8 Apr 00:00 driver 2 · cancelled");
    expect(page).not.toContain("long-ago");
  });

  it("has no column for co-tests as long as no rollout needs one", () => {
    expect(page).not.toContain("Needs co-test");
  });

  it("draws each occurrence of a zone in the weeks around now, with its name and where it is", () => {
    expect(page).toContain(
      "<title>freeze in alpha, the whole cluster: 2026-04-10T00:00:00.000Z to 2026-04-20T00:00:00.000Z</title>",
    );
    expect(page).toContain("gone in alpha, rack r1: 2026-04-02");
    // 10 to 19 April lies in two weeks of the calendar.
    expect(page.match(/<title>freeze in alpha/g)).toHaveLength(2);
  });

  it("lists refusals and overrides with who asked and why", () => {
    const refusals = partOf(page, 'id="p-refusals"', "</section>");
    expect(refusals).toContain("2 refusals, 1 override granted or revoked");
    expect(refusals).toContain("held was refused by freeze alpha ben asked &lt;first&gt;");
    expect(refusals).toContain("was granted by approver alpha eva the hole is being used");
  });

  it("lists all of a column on request, and nothing of other clusters where one is chosen", async () => {
    const list = (await small.app.inject("/rollouts?state=done&cluster=beta")).body;
    expect(partOf(list, 'id="p-board"', "</section>")).toContain("ended beta driver 2 cancelled");
    const alpha = (await small.app.inject("/rollouts?cluster=alpha")).body;
    expect(textOf(alpha)).toContain("over 1 cluster.");
    expect(partOf(alpha, '<section class="column done"', "</section>")).toContain(
      "Nothing has ended",
    );
  });

  it("keeps names that are no plain words whole, in text and in addresses", () => {
    expect(column("submitted")).toContain("a&lt;b&gt;/c&quot;d&#39;&amp;e?f#g%h");
    expect(page).not.toContain("<b>/c");
    expect(page).toContain(
      `href="/rollouts/alpha/${encodeURIComponent(strangeName).replaceAll("'", "&#39;")}"`,
    );
  });

  it("refuses a cluster and a column that do not exist", async () => {
    expect((await small.app.inject("/rollouts?cluster=gamma")).statusCode).toBe(404);
    expect((await small.app.inject("/rollouts?state=lost")).statusCode).toBe(400);
  });

  it("stands at an earlier position as it stood then, without anything to decide", async () => {
    const past = (await small.app.inject("/rollouts?asOf=6")).body;
    expect(textOf(past)).toContain("No rollout waits for a no-fly zone; no release is overdue");
    expect(page).toContain('data-island="decide"');
    expect(past).not.toContain('data-island="decide"');
  });

  it("shows an empty ledger how to fill it, and a fleet without rollouts how to submit one", async () => {
    const { app } = await smallApp();
    expect((await app.inject("/rollouts")).body).toContain("The ledger is empty");
    await app.close();
    const bare = await appWith(told.slice(0, 2));
    const text = textOf((await bare.app.inject("/rollouts")).body);
    expect(text).toContain("No rollout is under way");
    expect(text).toContain("No zone is in force in the 4 weeks before this one");
    await bare.app.close();
  });
});
