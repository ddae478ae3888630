/** The page of sources, and the banner of a silent one. */
import { expect, test } from "vitest";
import { alert, group, sources, sourcesApp } from "./sources-app.ts";

const page = async (it: Awaited<ReturnType<typeof sourcesApp>>, url: string) =>
  (await it.ask({ url, headers: { accept: "text/html" } })).body;

test("the page shows when each source was seen, what became of its payloads, and what was refused", async () => {
  await using it = await sourcesApp();
  expect(await page(it, "/sources")).toContain("No payload has come since the start.");
  const wrong = alert("n1", { startsAt: "<b>never</b>" });
  await it.post("/v1/sources/am", group(wrong));
  const shown = await page(it, "/sources");
  expect(shown).toContain("/alerts/0");
  expect(shown).toMatch(/12:00:00/);
  // Nothing was appended, so the position is the same: the page must not be the one that was kept.
  expect(shown).not.toContain("No payload has come");
  await it.post("/v1/sources/am", []);
  expect(await page(it, "/sources")).toContain("the payload");
});

test("a page of a server without sources says how to configure them", async () => {
  await using it = await sourcesApp({ sources: [] });
  expect(await page(it, "/sources")).toContain("serve --sources sources.json");
});

test("every page has a banner for a silent source, until it is heard again", async () => {
  const [am] = sources;
  // It is looked for every quarter of a second; the clock stands still until the test says so.
  const configuration = { sources: [{ ...am, observes: true, silentAfterSeconds: 1 }] };
  await using it = await sourcesApp(configuration, { withTimers: true });
  await it.post("/v1/sources/am", group(alert("n1")));
  it.advance(2_000);
  const silent = "The source am is silent";
  await expect.poll(() => page(it, "/")).toContain(silent);
  for (const url of ["/audit", "/sources"]) expect(await page(it, url), url).toContain(silent);
  await it.post("/v1/sources/am/heartbeat", "");
  await expect.poll(() => page(it, "/")).not.toContain(silent);
});
