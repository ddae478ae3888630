/** An instant of recording is answered once nothing can be recorded before it any more. */
import { describe, expect, onTestFinished, test } from "vitest";
import { sequenceAsOfTime } from "../../src/ledger/as-of-time.ts";
import { ledgerOn } from "../../src/ledger/ledger-on-store.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { failed } from "./sample-events.ts";

const second = 1_000;

describe("a read as of an instant", () => {
  test("in the past waits for events in progress, which have the time at which they began", async () => {
    let nowMs = Date.parse("2026-01-10T00:00:00Z");
    const held = Promise.withResolvers<void>();
    const store = await openEmbeddedStore({ path: freshPath(), mode: "write" });
    const append = store.append.bind(store);
    let isHeld = false;
    store.append = async (parts, options) => {
      if (isHeld) await held.promise;
      return await append(parts, options);
    };
    const ledger = await ledgerOn(store, { mode: "write", clock: { nowMs: () => nowMs } });
    onTestFinished(() => ledger.close());
    const asOf = (ms: number) =>
      sequenceAsOfTime(ledger, ms, () => ledger.waitFor(ledger.status().headSequence, 600_000));
    await ledger.submit([failed(1)]);
    isHeld = true;
    nowMs += 10 * second;
    const sentAt = nowMs;
    const submitted = ledger.submit([failed(2, "n2")]);
    await new Promise((resume) => setImmediate(resume));
    nowMs += 10 * second;
    expect(await asOf(sentAt - 1)).toBe(1);
    await expect(asOf(sentAt + second)).rejects.toMatchObject({ code: "not-ready" });
    await expect(asOf(nowMs)).rejects.toMatchObject({ code: "position-past-head" });
    held.resolve();
    await submitted;
    expect(await asOf(sentAt + second)).toBe(2);
  });

  test.each([
    ["what other instances recorded may not be here yet", 40 * second, "not-ready"],
    ["it is in the future", 60 * second, "position-past-head"],
    ["it is not over, by far", 600 * second, "position-past-head"],
  ])("is not answered if %s", async (_, instantMs, code) => {
    const ledger = {
      nowMs: () => 60 * second,
      closedTimestamp: () => 40 * second,
      sequence: () => 3,
      sequenceAsOfTime: (ms: number) => (ms < 20 * second ? 2 : 3),
    };
    const asOf = (ms: number) => sequenceAsOfTime(ledger, ms, async () => undefined);
    expect([await asOf(10 * second), await asOf(40 * second - 1)]).toEqual([2, 3]);
    await expect(asOf(instantMs)).rejects.toMatchObject({ code });
  });
});
