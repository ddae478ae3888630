import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { smallApp } from "../../http/app/small-app.ts";
import type { SmallApp } from "../../http/app/small-app.ts";
import { panelOf, textOf } from "../page-text.ts";

const begin = Date.UTC(2026, 2, 1);
const strange = 'n/<1>"%';

/** 250 nodes of two clusters in turn, each an hour after the last; then a node with a strange name. */
const events = [
  ...Array.from({ length: 250 }, (_, i) =>
    anEvent({
      type: "NodeCommissioned",
      occurredAt: formatInstant(begin + i * 3_600_000),
      data: { cluster: i % 2 === 0 ? "alpha" : "beta", node: `n${i + 1}` },
      actor: i === 249 ? "Ann <Lee>" : undefined,
    }),
  ),
  anEvent({
    type: "NodeFailed",
    occurredAt: "2026-03-20T00:00:00Z",
    data: {
      cluster: "alpha",
      node: strange,
      faultId: "f1",
      category: "hardware",
      component: "Lüfter <2>",
    },
  }),
];

let small: SmallApp;
beforeAll(async () => {
  small = await smallApp();
  const submissions = await small.ledger.submit(events);
  const refused = submissions.filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
});
afterAll(() => small.app.close());

const page = async (query = "") => (await small.app.inject(`/audit/events${query}`)).body;

/** The sequences of the rows, in their order. */
const sequences = (html: string) =>
  [...panelOf(html, "log").matchAll(/data-figure="events\.\d+\.sequence"\s+data-raw="(\d+)"/g)].map(
    ([, sequence]) => Number(sequence),
  );

/** The address that a page's link with these words leads to. */
const link = (html: string, words: string) =>
  new RegExp(`href="([^"]*)"[^>]*>${words}<`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";

describe("the event log", () => {
  test("shows the newest hundred first, in words, with who stated each", async () => {
    const html = await page();
    const shown = sequences(html);
    expect(shown).toHaveLength(100);
    expect([shown[0], shown.at(-1)]).toEqual([251, 152]);
    const text = textOf(panelOf(html, "log"));
    expect(text).toContain("n/&lt;1&gt;&quot;% failed: hardware, Lüfter &lt;2&gt; in alpha");
    expect(text).toContain("Ann &lt;Lee&gt;");
    expect(html).not.toMatch(/<[12]>/);
    expect(html).not.toContain("<Lee>");
  });

  test("is read whole by its links alone, there and back, no event twice and none left out", async () => {
    const seen: number[] = [];
    const visited = ["/audit/events"];
    for (let at = visited[0] ?? ""; at !== "";) {
      const html = (await small.app.inject(at)).body;
      seen.push(...sequences(html));
      at = link(html, "100 older");
      if (at !== "") visited.push(at);
    }
    expect(seen).toEqual(Array.from({ length: 251 }, (_, i) => 251 - i));
    const back: string[] = [];
    for (
      let at = visited.at(-1) ?? "";
      at !== "";
      at = link((await small.app.inject(at)).body, "100 newer")
    )
      back.push(at);
    const rows = async (at: string) => sequences((await small.app.inject(at)).body);
    expect(await rows(back.at(-1) ?? "")).toEqual(await rows("/audit/events"));
    expect(back).toHaveLength(3);
  });

  test("goes the other way, too", async () => {
    const first = await page("?order=asc");
    expect(sequences(first)[0]).toBe(1);
    const second = (await small.app.inject(link(first, "100 newer"))).body;
    expect(sequences(second)[0]).toBe(101);
    expect(sequences((await small.app.inject(link(second, "100 older"))).body)[0]).toBe(1);
  });

  test.each([
    ["?type=NodeFailed", [251]],
    ["?cluster=beta&order=asc&from=2026-03-01T00:00:00Z&to=2026-03-01T04:00:00Z", [2, 4]],
    ["?stream=node-beta:n4", [4]],
    ["?sequence=3", [3, 2, 1]],
    ["?sequence=250&order=asc", [250, 251]],
    ["?asOf=2", [2, 1]],
    ["?type=&cluster=&stream=&from=&to=&order=asc&asOf=2", [1, 2]],
  ])("at %s shows what matches, and the interface gives the same events", async (query, wanted) => {
    const html = await page(query);
    expect(sequences(html)).toEqual(wanted);
    const [, source = ""] = /class="log-box"[^>]*data-source="([^"]*)"/.exec(html) ?? [];
    const answer = await small.app.inject(source.replaceAll("&amp;", "&"));
    const { events: given } = answer.json<{ events: { sequence: number }[] }>();
    expect(given.map(({ sequence }) => sequence)).toEqual(wanted);
    const csv = /href="([^"]*format=csv[^"]*)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await small.app.inject(csv)).body.trim().split("\n")).toHaveLength(wanted.length + 1);
  });

  test.each([
    ["?type=NodeFail", "type"],
    ["?sequence=x", "sequence"],
    ["?order=down", "order"],
    ["?from=2026-03-01T00:00:00Z", "to"],
    ["?colour=red", "colour"],
  ])("refuses %s with a page that names the parameter", async (query, name) => {
    const answer = await small.app.inject({
      url: `/audit/events${query}`,
      headers: { accept: "text/html" },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain("problem-page");
    expect(answer.body).toContain(name);
  });

  test("says what to do where nothing matches, and in an empty ledger", async () => {
    expect(textOf(await page("?type=LedgerSealed"))).toContain("No event matches.");
    const { app } = await smallApp();
    expect(textOf((await app.inject("/audit/events")).body)).toContain("The ledger is empty");
    await app.close();
  });
});
