/** A source's own key: it sends that source's payloads, of its clusters, and does nothing else. */
import { expect, test } from "vitest";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { keyedApp } from "../../access/keyed-app.ts";
import { alert, group, sources } from "./sources-app.ts";

const alertmanagers = sources.filter(({ kind }) => kind === "alertmanager");
const others = alertmanagers.map((each) => ({ ...each, name: "other", cluster: "beta" }));
const both = [...sources, ...others];

async function withSources() {
  return await keyedApp([], { sources: readSources({ sources: both }) });
}

test("A source's key sends that source's payloads, and is their actor", async () => {
  await using it = await withSources();
  const { secret } = await it.issue({ name: "am-sender", roles: ["source:am"] });
  const answer = await it.post(secret, "/v1/sources/am", group(alert("n1")));
  expect([answer.statusCode, answer.json()]).toMatchObject([200, { appended: 1, refused: [] }]);
  const { secret: reading } = await it.issue({ name: "reads", roles: ["viewer"] });
  const { events } = (await it.ask(reading, "/v1/events?type=NodeFailed")).json<{
    events: object[];
  }>();
  expect(events).toMatchObject([{ source: "alertmanager:am", actor: "am-sender" }]);
  const beat = await it.post(secret, "/v1/sources/am/heartbeat", {});
  expect(beat.statusCode).toBeLessThan(300);
});

test("A source's key sends nothing for another source, and states no facts of its own", async () => {
  await using it = await withSources();
  const { secret } = await it.issue({ name: "am-sender", roles: ["source:am"] });
  const asked = [
    await it.post(secret, "/v1/sources/other", group(alert("n1"))),
    await it.post(secret, "/v1/sources/other/heartbeat", {}),
    await it.ask(secret, "/v1/events"),
  ];
  expect(asked.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403]);
});

test("What a source tells of a cluster outside its key's is refused, fact by fact", async () => {
  await using it = await withSources();
  const { secret } = await it.issue({
    name: "beta-only",
    roles: ["source:am"],
    clusters: ["beta"],
  });
  const answer = await it.post(secret, "/v1/sources/am", group(alert("n1")));
  expect(answer.json()).toMatchObject({ appended: 0, refused: [{ code: "role-needed" }] });
  const { secret: reading } = await it.issue({ name: "reads", roles: ["viewer"] });
  const facts = await it.ask(reading, "/v1/events?type=NodeFailed");
  expect(facts.json()).toMatchObject({ events: [] });
});

test("Pages name the silent sources of a key's clusters, and no other", async () => {
  const observing = [...alertmanagers, ...others].map((each) => ({
    ...each,
    observes: true,
    silentAfterSeconds: 1,
  }));
  await using it = await keyedApp([], {
    sources: readSources({ sources: observing }),
    // Whoever keeps time looks for silence, every quarter of a second.
    startTimers: async () => ({ stop: async () => undefined }),
  });
  const admin = await it.issue({ name: "sends", roles: ["source:am", "source:other", "viewer"] });
  for (const name of ["am", "other"])
    await it.post(admin.secret, `/v1/sources/${name}`, group(alert("n1")));
  const { secret } = await it.issue({ name: "beta", roles: ["viewer"], clusters: ["bet*"] });
  it.advance(2_000);
  const page = async (key: string) =>
    (await it.ask(key, "/", { headers: { accept: "text/html" } })).body;
  await expect.poll(() => page(secret)).toContain("The source other is");
  await expect.poll(() => page(admin.secret)).toContain("The source am is");
  expect(await page(secret)).not.toContain("The source am is");
});
