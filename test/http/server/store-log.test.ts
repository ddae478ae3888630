/** What the log tells of a store that lives elsewhere. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { logStore } from "../../../src/http/observability/store-log.ts";
import type { StoreStatus } from "../../../src/store/port.ts";

const well: StoreStatus = {
  mirrorState: "live",
  mirrorLagEvents: 0,
  mirrorLagSeconds: 0,
  reconnects: 0,
  appendsInFlight: 0,
  retries: 0,
  unknownOutcomesResolved: 0,
  duplicateIds: 0,
  leaseHolder: "host/1",
  holdsLease: true,
  mayHoldLease: true,
  leaseTerm: 3,
  leaseError: null,
  timersHolder: "host/1",
  drivesTimers: true,
  mayDriveTimers: true,
  timersError: null,
  error: null,
};

function logged() {
  const lines: string[] = [];
  let now = well;
  const at = (level: string) => (what: unknown, text?: string) => {
    lines.push(`${level}: ${text ?? ""} ${JSON.stringify(what)}`);
  };
  const logger = { info: at("info"), warn: at("warn"), error: at("error") };
  onTestFinished(logStore({ status: () => now }, logger, 5));
  const until = async (count: number): Promise<void> => {
    while (lines.length < count) await pause(2);
  };
  return {
    lines,
    until,
    become: (change: Partial<StoreStatus>) => {
      now = { ...well, ...change };
    },
  };
}

describe("the log about a store outside the process", () => {
  test("has one line while all is well, whatever is in progress", async () => {
    const { lines, become } = logged();
    become({ appendsInFlight: 7, mirrorLagEvents: 2 });
    await pause(40);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"leaseHolder":"host/1"');
  });

  test("has repeated warnings while the store is unavailable, and one line when it is back", async () => {
    const { lines, until, become } = logged();
    become({ mirrorState: "disconnected", mirrorLagSeconds: 12, reconnects: 1 });
    await until(3);
    expect(lines[2]).toMatch(
      /^warn: the mirror is not following the store .*"mirrorLagSeconds":12/,
    );
    become({ reconnects: 1 });
    const before = lines.length;
    await until(before + 1);
    expect(lines.at(-1)).toMatch(/^info: the mirror is up to date/);
  });

  test("has a warning for a lease that nobody holds, and an error for a stopped mirror", async () => {
    const { lines, until, become } = logged();
    become({ leaseHolder: null, holdsLease: false, leaseTerm: null });
    await until(2);
    expect(lines[1]).toMatch(/^warn: no instance holds the lease, so nothing is sealed /);
    become({ mirrorState: "stopped", error: "the mirror has stopped: …" });
    const before = lines.length;
    await until(before + 2);
    expect(lines.at(-1)).toMatch(/^error: the mirror has stopped .*"error":"the mirror/);
  });

  test("has one line that nobody seals because there is no key", async () => {
    const { lines, become } = logged();
    become({ leaseHolder: null, holdsLease: false, mayHoldLease: false, leaseTerm: null });
    await pause(40);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^info: /);
  });

  test("is empty for a ledger in a file", () => {
    const lines: unknown[] = [];
    const note = (what: unknown): void => void lines.push(what);
    logStore({}, { info: note, warn: note, error: note })();
    expect(lines).toEqual([]);
  });
});
