/** What a payload would become at a server: told, and not appended. */
import { describe, expect, test } from "vitest";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { maxPreviewedEvents } from "../../../src/limits/sources.ts";
import { keyedApp } from "../../access/keyed-app.ts";
import { alert, group, sources, sourcesApp } from "./sources-app.ts";

const dry = "/v1/sources/am?dryRun=1";
const resolved = { status: "resolved", endsAt: "2026-04-15T11:00:00Z" };

describe("?dryRun=1", () => {
  test("tells the events by the ledger as it stands; nothing is appended, and nobody was heard", async () => {
    await using it = await sourcesApp();
    await it.post("/v1/sources/am", group(alert("n1")));
    const { status, body } = await it.post(
      dry,
      group(alert("n1", resolved), alert("n2", { startsAt: "yesterday" }), alert("n3")),
    );
    expect([status, body]).toMatchObject([
      200,
      {
        observations: 3,
        appended: 0,
        wouldAppend: 2,
        refused: [{ path: "/alerts/1" }],
        events: [
          { type: "NodeReturned", occurredAt: "2026-04-15T11:00:00.000Z", data: { node: "n1" } },
          { type: "NodeFailed", data: { node: "n3" } },
        ],
      },
    ]);
    expect(await it.told()).toEqual(["NodeFailed n1"]);
    const list = (await it.ask("/v1/sources")).json<{ sources: { payloads: object[] }[] }>();
    expect(list.sources[0]?.payloads).toHaveLength(1);
  });

  test("lists the first of many events, and counts all", async () => {
    await using it = await sourcesApp();
    const many = Array.from({ length: maxPreviewedEvents + 1 }, (_, i) => alert(`n${i}`));
    const { body } = await it.post(dry, group(...many));
    const { wouldAppend, events } = body as { wouldAppend: number; events: object[] };
    expect([wouldAppend, events.length]).toEqual([many.length, maxPreviewedEvents]);
  });

  test("takes whole lists of nodes, and refuses another media type", async () => {
    await using it = await sourcesApp();
    const items = [{ kind: "Node", metadata: { name: "n1" }, status: {} }];
    const url = "/v1/sources/k8s?dryRun=1";
    expect(await it.post(url, { kind: "List", items })).toMatchObject({
      status: 200,
      body: { wouldAppend: 0 },
    });
    expect((await it.post(url, "x", { "content-type": "text/csv" })).status).toBe(415);
  });
});

describe("with keys", () => {
  const withKeys = async () => await keyedApp([], { sources: readSources({ sources }) });

  test("?dryRun=1 lists events to who may read events, and counts them for who may send", async () => {
    await using it = await withKeys();
    const { secret } = await it.issue({ name: "sends", roles: ["source:am"] });
    const { secret: both } = await it.issue({ name: "both", roles: ["source:am", "viewer"] });
    const { secret: reads } = await it.issue({ name: "reads", roles: ["viewer"] });
    expect((await it.post(secret, dry, group(alert("n1")))).json()).toMatchObject({
      wouldAppend: 1,
      events: [],
    });
    expect((await it.post(both, dry, group(alert("n1")))).json()).toMatchObject({
      events: [{ type: "NodeFailed" }],
    });
    expect((await it.post(reads, dry, group(alert("n1")))).statusCode).toBe(403);
  });

  test("what a key may not state is refused beforehand: with ?strict=1 nothing is appended", async () => {
    const own = { ...sources[0], cluster: "{labels.cluster}" };
    await using it = await keyedApp([], { sources: readSources({ sources: [own] }) });
    const scope = { name: "sends", roles: ["source:am"], clusters: ["alpha"] };
    const { secret } = await it.issue(scope);
    const of = (cluster: string, instance: string) =>
      alert(instance, { labels: { alertname: "Xid", instance, cluster } });
    const payload = group(of("alpha", "n1"), of("beta", "n2"));
    expect((await it.post(secret, dry, payload)).json()).toMatchObject({
      wouldAppend: 1,
      refused: [{ path: "/alerts/1", code: "role-needed" }],
    });
    const strict = await it.post(secret, "/v1/sources/am?strict=1", payload);
    expect([strict.statusCode, strict.json()]).toMatchObject([
      422,
      { code: "payload-refused", errors: [{ path: "/alerts/1" }] },
    ]);
    const { secret: reading } = await it.issue({ name: "reads", roles: ["viewer"] });
    expect((await it.ask(reading, "/v1/events?type=NodeFailed")).json()).toMatchObject({
      events: [],
    });
    const taken = await it.post(secret, "/v1/sources/am", payload);
    expect(taken.json()).toMatchObject({ appended: 1, refused: [{ code: "role-needed" }] });
  });
});
