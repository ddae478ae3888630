import { describe, expect, test } from "vitest";
import { corrected, failed, retracted, uuid } from "./sample-events.ts";
import { temporaryLedger } from "./temporary-ledger.ts";

const wholeParts = { wholeParts: true };

/** The outcome of each event of a list on a ledger that has the failure 1 of node n1 already. */
async function outcomes(list: readonly unknown[]): Promise<string[]> {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  await ledger.submit([failed(1)]);
  const results = await ledger.submit(list, wholeParts);
  return results.map((each) => (each.status === "refused" ? each.error.code : each.status));
}

const malformed = (n: number, node: string) => {
  const { data, ...event } = failed(n, node) as { data: object };
  return { ...event, data: { ...data, category: "none of these" } };
};

describe("the events of one stream in a list are appended all or none:", () => {
  test("a malformed event keeps out the others of its stream, and no other stream", async () => {
    expect(await outcomes([failed(2, "n2"), malformed(3, "n2"), failed(4, "n3")])).toEqual([
      "part-refused",
      "invalid-event",
      "appended",
    ]);
  });

  test("an id in use with other content keeps out the others of its stream", async () => {
    const taken = failed(5, "n2", { id: uuid(1) });
    expect(await outcomes([failed(2, "n2"), taken])).toEqual(["part-refused", "id-conflict"]);
  });

  test("an event that is already stored is still a duplicate", async () => {
    expect(await outcomes([failed(1), malformed(3, "n1"), failed(4)])).toEqual([
      "duplicate",
      "invalid-event",
      "part-refused",
    ]);
  });

  test("a malformed correction counts for the stream of the event that it names", async () => {
    const { actor: _, ...anonymous } = retracted(7, uuid(1)) as { actor?: string };
    expect(await outcomes([failed(2), anonymous, failed(4, "n2")])).toEqual([
      "part-refused",
      "invalid-event",
      "appended",
    ]);
    const { reason: __, ...unexplained } = retracted(7, uuid(8)) as { reason?: string };
    expect(await outcomes([failed(8, "n2"), unexplained])).toEqual([
      "part-refused",
      "invalid-event",
    ]);
  });

  test("a correction of an event that is refused like this is refused as well", async () => {
    const correction = corrected(9, uuid(2), { occurredAt: "2026-01-01T00:00:05Z" });
    expect(await outcomes([failed(2, "n2"), correction, malformed(3, "n2")])).toEqual([
      "part-refused",
      "part-refused",
      "invalid-event",
    ]);
  });

  test("an input without a recognizable stream affects only itself", async () => {
    expect(await outcomes([null, { type: "NodeFailed" }, failed(2, "n2")])).toEqual([
      "invalid-event",
      "invalid-event",
      "appended",
    ]);
  });

  test("an input whose names are not text affects only itself, even if they cannot be made text", async () => {
    const odd = (name: unknown) => {
      const { data, ...event } = failed(3, "n1") as { data: object };
      return { ...event, data: { ...data, cluster: name } };
    };
    for (const name of [[{ toString: "" }], { toString: null }, 5, null]) {
      expect(await outcomes([failed(2, "n1"), odd(name)])).toEqual(["appended", "invalid-event"]);
    }
  });

  test("nothing of a refused stream is stored", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(2, "n2"), malformed(3, "n2")], wholeParts);
    expect((await ledger.store.head()).sequence).toBe(0);
  });
});
