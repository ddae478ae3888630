import { afterEach, expect, test, vi } from "vitest";
import { eventually } from "../../eventually.ts";
import { leaseMs } from "../../../src/limits/kurrentdb.ts";
import type { KurrentDbClient } from "../../../src/store/kurrentdb/client/client.ts";
import { StoreLease, sealing } from "../../../src/store/kurrentdb/lease.ts";

// The lease is taken once, and never renewed while a test looks at it.
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  leaseRenewMs: 3_600_000,
}));

afterEach(() => vi.restoreAllMocks());

/** A store whose stream of the lease is empty, and which takes what is appended. */
function emptyStore(): KurrentDbClient {
  const store = {
    name: { prefix: "" },
    readLast: async () => null,
    append: async (_: string, __: unknown, expected: bigint | "no-stream") => ({
      nextExpectedRevision: expected === "no-stream" ? 0n : expected + 1n,
    }),
  };
  return store as unknown as KurrentDbClient;
}

test("a holder that cannot renew its lease gives it up a second before another may take it", async () => {
  let nowMs = 1_000_000;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  const takenMs = nowMs;
  const lease = new StoreLease(
    emptyStore(),
    sealing,
    () => undefined,
    () => true,
  );
  lease.start("candidate");
  await eventually(() => expect(lease.status().isOurs).toBe(true));
  nowMs = takenMs + leaseMs - 1_001;
  expect(lease.status().isOurs).toBe(true);
  for (const leftMs of [1_000, 500, 1]) {
    nowMs = takenMs + leaseMs - leftMs;
    expect(lease.status(), `${leftMs} ms before its end`).toMatchObject({
      isOurs: false,
      term: null,
    });
  }
  await lease.stop();
});
