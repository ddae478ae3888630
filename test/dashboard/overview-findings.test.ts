/** The overview's findings of the running month: the newest of them, and a count that is what its link leads to. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RealApp } from "../http/app/real-app.ts";
import { realApp } from "../http/app/real-app.ts";

let real: RealApp;
beforeAll(async () => {
  real = await realApp();
  const { ledger } = real;
  const sent = [...returned, declared, refused];
  const results = await ledger.submit(sent);
  if (results.some(({ status }) => status !== "appended")) throw new Error("not all was taken");
  await ledger.waitFor(ledger.status().headSequence, 10_000);
});
afterAll(() => real.close());

const uuid = (number: number) => `66666666-0000-4000-8000-${String(number).padStart(12, "0")}`;
const cluster = "alpha";
/** Returns that end nothing: one a minute from 01:00 on, more than the page lists. */
const returned = Array.from({ length: 25 }, (_, i) => ({
  id: uuid(i + 1),
  type: "NodeReturned",
  occurredAt: `2026-04-14T01:${String(i).padStart(2, "0")}:00Z`,
  data: { cluster, node: "n1", faultIds: [`nobody-knows-${i}`] },
}));
const declared = {
  id: uuid(100),
  type: "NfzDeclared",
  occurredAt: "2026-04-10T00:00:00Z",
  data: {
    nfz: "over",
    cluster,
    inFlight: "finish",
    occurrences: [{ from: "2026-04-10T00:00:00Z", to: "2026-04-11T00:00:00Z" }],
  },
};
/** It should have been released on the 11th. */
const refused = {
  id: uuid(101),
  type: "RolloutBlocked",
  occurredAt: "2026-04-10T12:00:00Z",
  data: { cluster, rollout: "late", nfzIds: ["over"] },
};

async function findingsPart(query = "") {
  const page = (await real.app.inject(`/${query}`)).body;
  const part = page.slice(page.indexOf('id="findings"'), page.indexOf('id="events"'));
  const [, link = "", count = ""] =
    /href="(\/v1\/data-quality[^"]*)">alpha: (\d+)</.exec(part) ?? [];
  const ids = Array.from(
    part.matchAll(/<th scope="row"><a href="\/events\/([^"?]*)/g),
    ([, id]) => id,
  );
  return { part, link: link.replaceAll("&amp;", "&"), count: Number(count), ids };
}

test("the overview lists only the newest findings, newest first", async () => {
  const { ids } = await findingsPart();
  // The overdue release is one of now.
  const newest = returned.toReversed().map(({ id }) => id);
  expect(ids).toEqual([refused.id, ...newest.slice(0, 19)]);
});

test.each([
  ["now", ""],
  ["at an earlier instant", "?at=2026-04-14T01:10:00Z"],
  ["in a look back", "?asOf=20"],
])("the overview counts as many findings as the page it links to, %s", async (_, query) => {
  const { link, count } = await findingsPart(query);
  const { total } = (await real.app.inject(link)).json();
  expect([total, count > 0]).toEqual([count, true]);
});

test("the overview counts no release as overdue before its zone has ended", async () => {
  const { part, count } = await findingsPart("?at=2026-04-10T18:00:00Z");
  expect([part.includes("release-overdue"), count]).toEqual([false, 0]);
});

test("the overview counts the facts up to and at the requested instant, and none after it", async () => {
  const { ids, count } = await findingsPart("?at=2026-04-14T01:10:00Z");
  const upTo = returned.slice(0, 11).map(({ id }) => id);
  expect(ids).toEqual([refused.id, ...upTo.toReversed()]);
  expect(count).toBe(12);
});
