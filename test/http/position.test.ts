import { expect, test } from "vitest";
import { LedgerError } from "../../src/errors.ts";
import type { MemoryLedger } from "./app/memory-ledger.ts";
import { anEvent, memoryLedger } from "./app/memory-ledger.ts";
import { smallApp } from "./app/small-app.ts";

/** A ledger whose views have all but the last `lag` events until somebody waits for more; an hour between two. */
async function laggingLedger(lag: number): Promise<{ ledger: MemoryLedger; waits: number[] }> {
  let nowMs = Date.parse("2026-04-15T00:00:00Z");
  const ledger = memoryLedger(() => nowMs);
  for (let n = 0; n < 5; n++) {
    const data = { cluster: "alpha", node: `n${n}` };
    await ledger.submit([
      anEvent({ type: "NodeCommissioned", occurredAt: "2026-04-01T00:00:00Z", data }),
    ]);
    nowMs += 3_600_000;
  }
  const head = ledger.sequence();
  let projected = head - lag;
  const waits: number[] = [];
  const lagging: MemoryLedger = {
    ...ledger,
    sequence: () => projected,
    sequenceAsOfTime: (instantMs) => Math.min(projected, ledger.sequenceAsOfTime(instantMs)),
    status: () => ({ ...ledger.status(), sequence: projected }),
    waitFor: async (sequence) => {
      waits.push(sequence);
      if (sequence > head) throw new LedgerError("position-past-head", "not there");
      projected = Math.max(projected, sequence);
    },
  };
  return { ledger: lagging, waits };
}

test("a read as of an instant waits for stored events that the views do not have yet", async () => {
  const { ledger, waits } = await laggingLedger(2);
  const { app } = await smallApp({ ledger });
  const answer = await app.inject("/v1/clusters?asOfTime=2026-04-15T03:30:00Z");
  expect(answer.headers["fleetledger-sequence"]).toBe("4");
  expect(waits).toEqual([5]);
  await app.close();
});

test("a read as of an instant that the views have already passed does not wait", async () => {
  const { ledger, waits } = await laggingLedger(2);
  const { app } = await smallApp({ ledger });
  const answer = await app.inject("/v1/clusters?asOfTime=2026-04-15T01:30:00Z");
  expect(answer.headers["fleetledger-sequence"]).toBe("2");
  expect(waits).toEqual([]);
  await app.close();
});
