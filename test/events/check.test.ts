import { describe, expect, test } from "vitest";
import { checkEvent } from "../../src/events/check/check.ts";
import { LedgerError } from "../../src/errors.ts";
import { maxEventBytes, maxEventDepth, maxFutureSkewMs } from "../../src/limits/events.ts";

const nowMs = Date.parse("2026-06-01T00:00:00.000Z");
const data = { cluster: "c1", node: "n1", faultId: "f1", category: "hardware" };
const good = {
  id: "AAAAAAAA-0000-4000-8000-000000000001",
  type: "NodeFailed",
  occurredAt: "2026-01-01T00:00:00+01:00",
  data,
};

/** The code and the places of a refusal. */
function refusal(input: unknown): { code: string; paths: string[]; messages: string } {
  const result = checkEvent(input, { nowMs });
  if (!(result instanceof LedgerError)) return { code: "taken", paths: [], messages: "" };
  const messages = result.errors.map((each) => each.message).join("; ");
  return { code: result.code, paths: result.errors.map((each) => each.path), messages };
}

describe("an event from a sender", () => {
  test("is brought to its canonical form", () => {
    expect(checkEvent(good, { nowMs })).toMatchObject({
      id: "aaaaaaaa-0000-4000-8000-000000000001",
      schemaVersion: 1,
      occurredAt: Date.parse("2025-12-31T23:00:00.000Z"),
      dataJson: '{"category":"hardware","cluster":"c1","faultId":"f1","node":"n1"}',
      attributionJson: "{}",
    });
  });

  test.each<[string, unknown, string]>([
    ["null", null, ""],
    ["a list", [good], ""],
    ["a field that the envelope does not have", { ...good, sequence: 1 }, "/sequence"],
    ["an id that is no UUID", { ...good, id: "x" }, "/id"],
    ["no data", { ...good, data: undefined }, "/data"],
    ["a field that the type does not have", { ...good, data: { ...data, a: 1 } }, "/data/a"],
    ["a key with a slash", { ...good, data: { ...data, "a/b~": 1 } }, "/data/a~1b~0"],
    ["a wrong type", { ...good, data: { ...data, node: 7 } }, "/data/node"],
    ["a missing field", { ...good, data: { ...data, node: undefined } }, "/data/node"],
    ["an instant without an offset", { ...good, occurredAt: "2026-01-01T00:00:00" }, "/occurredAt"],
    ["a date that does not exist", { ...good, occurredAt: "2026-02-30T00:00:00Z" }, "/occurredAt"],
    ["a leap second", { ...good, occurredAt: "2016-12-31T23:59:60Z" }, "/occurredAt"],
    ["a version to come", { ...good, schemaVersion: 2 }, "/schemaVersion"],
    ["a lone surrogate", { ...good, data: { ...data, component: "\ud800" } }, "/data/component"],
    ["a number that is not finite", JSON.parse('{"data":{"x":1e999}}'), "/data/x"],
    ["__proto__", JSON.parse('{"data":{"x":{"__proto__":{}}}}'), "/data/x/__proto__"],
    ["constructor", { ...good, data: { ...data, constructor: 1 } }, "/data/constructor"],
    ["prototype", { ...good, prototype: 1 }, "/prototype"],
    ["a date object", { ...good, data: { ...data, at: new Date(0) } }, "/data/at"],
  ])("is refused for %s, with a pointer", (_, input, path) => {
    expect(refusal(input)).toMatchObject({ code: "invalid-event", paths: [path] });
  });

  test("is refused for an unknown type, with the name that may have been meant", () => {
    const result = refusal({ ...good, type: "NodeFaild" });
    expect(result).toMatchObject({ code: "unknown-event-type", paths: ["/type"] });
    expect(result.messages).toContain("NodeFailed");
    expect(refusal({ ...good, type: "toString" }).code).toBe("unknown-event-type");
  });

  test("may lie as far in the future as clocks may differ, and no further", () => {
    const at = (ms: number) => ({ ...good, occurredAt: new Date(ms).toISOString() });
    expect(refusal(at(nowMs + maxFutureSkewMs)).code).toBe("taken");
    expect(refusal(at(nowMs + maxFutureSkewMs + 1)).paths).toEqual(["/occurredAt"]);
  });

  test("is refused if its type needs an actor and a reason and they are missing", () => {
    const retraction = { ...good, type: "FactRetracted", data: { eventId: good.id } };
    expect(refusal(retraction).paths).toEqual(["/actor", "/reason"]);
    expect(refusal({ ...retraction, actor: "a", reason: "r" }).code).toBe("taken");
    const blank = {
      ...good,
      type: "FactRetracted",
      actor: " \u00a0",
      // A space without width, a joiner, a mark of direction.
      reason: "\t\u200b\u200d\u200e",
      data: { eventId: good.id },
    };
    expect(refusal(blank)).toMatchObject({ code: "invalid-event", paths: ["/actor", "/reason"] });
  });

  test("is refused if its type is reserved for the ledger itself", () => {
    expect(refusal({ ...good, type: "LedgerSealed" }).paths).toEqual(["/type"]);
  });

  test("is refused above the size limit", () => {
    const codes = Array.from({ length: 400 }, () => "x".repeat(200));
    expect(400 * 200).toBeGreaterThan(maxEventBytes);
    expect(refusal({ ...good, data: { ...data, codes } }).code).toBe("too-large");
  });

  test("is refused above the limit of nesting, however deep", () => {
    const nested = (levels: number): unknown =>
      JSON.parse('{"a":'.repeat(levels) + "1" + "}".repeat(levels));
    expect(refusal({ ...good, data: { a: nested(5_000) } }).messages).toContain(
      `${maxEventDepth} levels`,
    );
  });

  test("is refused for a node list that names too many", () => {
    const started = { ...good, type: "JobStarted" };
    const nodes = ["a[1-150000]", "b[1-150000]"];
    expect(refusal({ ...started, data: { cluster: "c", job: "j", nodes } }).paths).toEqual([
      "/data/nodes",
    ]);
  });

  test.each(["n1,,n2", ",n1", "n1,", "n[1,2", "n[1-2],n[3", "n1,n]2"])(
    "is refused for a node list in which %j is no hostlist",
    (text) => {
      const started = { ...good, type: "JobStarted" };
      expect(
        refusal({ ...started, data: { cluster: "c", job: "j", nodes: [text] } }).paths,
      ).toEqual(["/data/nodes/0"]);
    },
  );

  test("is accepted with a rack and a SKU as people write them", () => {
    const place = { rack: "Halle 3, Reihe Ä", sku: "H100 SXM5 80GB [B0]" };
    const commissioned = { ...good, type: "NodeCommissioned" };
    expect(refusal({ ...commissioned, data: { cluster: "c", node: "n", ...place } }).code).toBe(
      "taken",
    );
  });

  test("is accepted with a hostlist of several parts, as Slurm prints it", () => {
    const nodes = ["gpu[0001-0128,0200],login1,r[1-2]n[1,3]"];
    const started = { ...good, type: "JobStarted", data: { cluster: "c", job: "j", nodes } };
    expect(refusal(started).code).toBe("taken");
  });

  test("is refused with a pointer into the alternative that matters", () => {
    const resumed = { ...good, type: "JobResumed" };
    const from = { checkpoint: "x" };
    expect(refusal({ ...resumed, data: { cluster: "c", job: "j", from } }).paths).toEqual([
      "/data/from/checkpointId",
      "/data/from/checkpoint",
    ]);
  });
});

describe("a refusal is worded for people:", () => {
  test.each<[string, unknown, string]>([
    ["null", null, "must be of type object"],
    ["an id that is no UUID", { ...good, id: "x" }, "must be a UUID"],
    [
      "no node",
      { ...good, data: { cluster: "c1", faultId: "f1", category: "hardware" } },
      "is missing",
    ],
    [
      "a recorded time",
      { ...good, recordedAt: "2026-01-01T00:00:00Z" },
      "use `import events --keep-recorded-at`",
    ],
  ])("%s", (_, input, words) => {
    expect(refusal(input).messages).toContain(words);
    expect(refusal(input).messages).not.toContain("nvalid");
  });
});

describe("a refusal shows the value, and says what to write instead", () => {
  const job = { cluster: "c1", job: "j" };
  const resumed = (from: unknown) => ({ ...good, type: "JobResumed", data: { ...job, from } });
  test.each<[unknown, string, string]>([
    [
      { ...good, occurredAt: "2026-03-01T00:00:00" },
      "/occurredAt",
      'must be an RFC 3339 instant with an offset: "2026-03-01T00:00:00" has no offset: write 2026-03-01T00:00:00Z for UTC, or end it with the offset, such as +01:00',
    ],
    [
      { ...good, occurredAt: "2026-03-01 10:30" },
      "/occurredAt",
      "write 2026-03-01T10:30:00Z for UTC",
    ],
    [
      { ...good, occurredAt: "2026-03-01" },
      "/occurredAt",
      "is a date without a time: write 2026-03-01T00:00:00Z",
    ],
    [{ ...good, occurredAt: "2026-03-01 10:30:00Z" }, "/occurredAt", "write 2026-03-01T10:30:00Z"],
    [
      { ...good, occurredAt: "2026-02-30T00:00:00Z" },
      "/occurredAt",
      "does not exist in the calendar",
    ],
    [{ ...good, occurredAt: "2016-12-31T23:59:60Z" }, "/occurredAt", "is a leap second"],
    [{ ...good, occurredAt: "now" }, "/occurredAt", '"now" is no RFC 3339 instant'],
    [
      resumed("c1"),
      "/data/from",
      'must be "start" or an object such as {"checkpointId": "c1"}, not "c1"',
    ],
    [resumed(null), "/data/from", "not null"],
    [
      { ...good, data: { ...data, category: "hardwar" } },
      "/data/category",
      'not "hardwar". Did you mean hardware?',
    ],
    [{ ...good, data: { ...data, node: 7 } }, "/data/node", "must be of type string, not 7"],
    [{ ...good, data: { ...data, node: "a b" } }, "/data/node", 'not "a b"'],
    [
      { ...good, id: "x" },
      "/id",
      'must be a UUID, such as 5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11, not "x"',
    ],
    [
      { ...good, type: "ClusterRegistered", data: { cluster: "c1", zone: "Europe/Berln" } },
      "/data/zone",
      'not "Europe/Berln"',
    ],
    [
      { ...good, data: { ...data, faultId: "x".repeat(300) } },
      "/data/faultId",
      `must be at most 256 characters, not "${"x".repeat(59)}…`,
    ],
  ])("%j", (input, path, says) => {
    const { paths, messages } = refusal(input);
    expect(paths).toEqual([path]);
    expect(messages).toContain(says);
  });

  test("shows control characters and direction marks escaped", () => {
    const { messages } = refusal({ ...good, id: "a\u202eb\u0007" });
    expect(messages).toContain('not "a\\u{202e}b\\u0007"');
  });
});
