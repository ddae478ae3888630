/** Lists of nodes are taken while they arrive, as `kubectl get nodes -o json` prints them. */
import { describe, expect, test } from "vitest";
import { ListItems } from "../../../src/http/bodies/list-items.ts";
import { maxListedBytes, nodesPerPart } from "../../../src/limits/sources.ts";
import { sourcesApp } from "./sources-app.ts";

const node = (name: string, status = "False") => ({
  kind: "Node",
  metadata: { name, labels: { 'a"]},{': "x\\" } },
  status: {
    conditions: [{ type: "Ready", status, lastTransitionTime: "2026-04-15T10:00:00Z" }],
    images: [{ names: ["a,b", "]}"], sizeBytes: 1 }],
  },
});

describe("the items of a list", () => {
  const body = {
    apiVersion: "v1",
    items: [node("n1"), node("n2"), node("n3")],
    kind: "List",
    metadata: { items: ["not these"] },
  };
  test.each([1, 2, 7, 100, 10_000])("are cut out of pieces of %i bytes", (size) => {
    for (const text of [JSON.stringify(body), JSON.stringify(body, null, 4)]) {
      const bytes = Buffer.from(text);
      const items = new ListItems(maxListedBytes);
      const found: unknown[] = [];
      for (let i = 0; i < bytes.length; i += size)
        for (const item of items.push(bytes.subarray(i, i + size)))
          found.push(JSON.parse(item.toString()));
      expect(found).toEqual(body.items);
      expect(JSON.parse(items.end().toString())).toEqual({ ...body, items: [] });
    }
  });

  test.each([
    ['{"items":[]}', 0],
    ['{"items": [ \n ] }', 0],
    ['{"items":{"a":[1]}}', 0],
    ['{"a":{"items":[1,2]}}', 0],
    ['{"a":"items","b":[1]}', 0],
    ['{"items":[1,"2",null]}', 3],
  ])("of %s are %i", (text, count) => {
    const items = new ListItems(maxListedBytes);
    expect(items.push(Buffer.from(text))).toHaveLength(count);
    expect(() => JSON.parse(items.end().toString()) as unknown).not.toThrow();
  });

  test("that are larger than allowed are refused before they are whole", () => {
    const items = new ListItems(100);
    items.push(Buffer.from('{"items":["'));
    expect(() => items.push(Buffer.alloc(101, "x"))).toThrow("larger than 100 bytes");
  });
});

describe("a list of nodes", () => {
  test("of several parts is counted as one, with its refusals where they stand in the whole", async () => {
    await using it = await sourcesApp();
    const items = Array.from({ length: 2 * nodesPerPart + 3 }, (_, i) =>
      node(i === nodesPerPart + 7 ? "" : `n${i}`),
    );
    const { status, body } = await it.post("/v1/sources/k8s", { kind: "List", items });
    expect([status, body]).toMatchObject([
      200,
      {
        observations: items.length,
        appended: items.length - 1,
        refused: [{ path: `/items/${nodesPerPart + 7}` }],
      },
    ]);
  });

  test("and a node alone, a watch in lines, an empty list and none at all are taken or refused", async () => {
    await using it = await sourcesApp();
    expect((await it.post("/v1/sources/k8s", node("n1"))).body).toMatchObject({ appended: 1 });
    const lines = ["n2", "n3"].map((name) => JSON.stringify({ type: "ADDED", object: node(name) }));
    const watch = await it.post("/v1/sources/k8s", lines.join("\n"), {
      "content-type": "application/x-ndjson",
    });
    expect(watch.body).toMatchObject({ observations: 2, appended: 2 });
    const empty = { kind: "NodeList", items: [] };
    expect((await it.post("/v1/sources/k8s", empty)).body).toMatchObject({ observations: 0 });
    expect((await it.post("/v1/sources/k8s", { kind: "Pod" })).status).toBe(400);
    expect((await it.post("/v1/sources/k8s", '{"items":[{"kind":')).status).toBe(400);
  });

  test("with ?strict=1 appends nothing if one node is refused", async () => {
    await using it = await sourcesApp();
    const items = [node("n1"), node("")];
    const { status } = await it.post("/v1/sources/k8s?strict=1", { kind: "List", items });
    expect(status).toBe(422);
    expect(await it.told()).toEqual([]);
  });
});
