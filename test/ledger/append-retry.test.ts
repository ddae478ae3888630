import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkEvent } from "../../src/events/check/check.ts";
import { LedgerError } from "../../src/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerOn } from "../../src/ledger/ledger-on-store.ts";
import type { EmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import type { AppendOutcome, EventStore, StreamAppend } from "../../src/store/port.ts";
import { failed, uuid } from "./sample-events.ts";

const stream = "node-c1:n1";
let folder = "";
let real: EmbeddedStore;
let ledger: Ledger;
/** Given what the ledger appends; gives what it is told of it. */
let onAppend: (parts: readonly StreamAppend[]) => Promise<readonly AppendOutcome[]>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  real = await openEmbeddedStore({ path: join(folder, "ledger.sqlite"), mode: "write" });
  onAppend = (parts) => real.append(parts);
  // As over a mirror that is behind: what others appended of late is not found by id.
  const store = new Proxy<EventStore>(real, {
    get(target, name) {
      if (name === "append") return (parts: readonly StreamAppend[]) => onAppend(parts);
      if (name === "findById") return async () => null;
      if (name === "findByIds") return async () => [];
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  ledger = await ledgerOn(store, { mode: "write" });
});

afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

/** Another writer appends behind the ledger's back. */
async function rivalAppends(number: number, expectedRevision: bigint | "no-stream"): Promise<void> {
  const event = checkEvent(failed(number), { nowMs: Date.now() });
  if (event instanceof Error) throw event;
  await real.append([{ stream, expectedRevision, events: [event], recordedAt: [Date.now()] }]);
}

async function idsInStream(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of real.readStream(stream)) ids.push(id);
  return ids;
}

describe("an append to a stream that has moved on", () => {
  test("is repeated after what another writer appended", async () => {
    await ledger.submit([failed(1)]);
    await rivalAppends(2, 0n);
    await rivalAppends(3, 1n);
    const [result] = await ledger.submit([failed(4)]);
    expect(result).toMatchObject({ status: "appended", revision: 3n });
    expect(await idsInStream()).toEqual([1, 2, 3, 4].map(uuid));
  });

  test("finds its own append whose outcome it did not learn, and does not repeat it", async () => {
    await ledger.submit([failed(1)]);
    const lost = new LedgerError("store-unavailable", "no answer came");
    onAppend = async (parts) => {
      await real.append(parts);
      return parts.map(() => ({ ok: false, error: lost }));
    };
    const [unknown] = await ledger.submit([failed(2)]);
    expect(unknown).toMatchObject({ status: "refused", error: { code: "store-unavailable" } });
    onAppend = (parts) => real.append(parts);
    await rivalAppends(3, 1n);
    const results = await ledger.submit([failed(2), failed(4)]);
    expect(results).toMatchObject([
      { status: "duplicate", revision: 1n },
      { status: "appended", revision: 3n },
    ]);
    expect(await idsInStream()).toEqual([1, 2, 3, 4].map(uuid));
  });

  test("refuses an id that another writer took with other content", async () => {
    await ledger.submit([failed(1)]);
    await rivalAppends(2, 0n);
    const [result] = await ledger.submit([failed(2, "n1", { actor: "somebody else" })]);
    expect(result).toMatchObject({ status: "refused", error: { code: "id-conflict" } });
    expect(await idsInStream()).toEqual([1, 2].map(uuid));
  });

  test("gives up after several attempts, and says so", async () => {
    let tries = 0;
    const moved = new LedgerError("wrong-expected-revision", "it moved on again");
    onAppend = async (parts) => {
      tries++;
      return parts.map(() => ({ ok: false, error: moved }));
    };
    const [result] = await ledger.submit([failed(1)]);
    expect(result).toMatchObject({ status: "refused", error: { code: "wrong-expected-revision" } });
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(100);
  });
});
