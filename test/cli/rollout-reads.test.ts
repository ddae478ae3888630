/** `rollout show`, `queue` and `violations`: the same of a store and over its server. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

/** The ledger of the short history, in which a rollout waits for a zone, and another one was started under it. */
let served: ServedLedger;

beforeAll(async () => {
  served = await servedLedger();
  await served.ledger.submit([
    anEvent({
      type: "RolloutStarted",
      occurredAt: "2026-04-13T00:00:00Z",
      actor: "env/eva",
      reason: "it could not wait",
      data: { cluster: "alpha", rollout: "rash" },
    }),
  ]);
});
afterAll(() => served.close());

const at = ["--at", "2026-04-15T12:00:00Z"];
const window = ["--from", "2026-04-01T00:00:00Z", "--to", "2026-04-15T12:00:00Z"];

test.each([
  ["show", "r1", ...at],
  ["queue", ...at],
  ["queue", "--cluster", "alpha", ...at],
  ["violations", ...window],
])(
  "rollout %s %s … prints the same from a store as over a server, in both formats",
  async (...args) => {
    for (const format of ["text", "json"]) {
      const asked = ["rollout", ...args, "--format", format];
      const byStore = await run(...asked, ...served.byStore);
      const byServer = await run(...asked, ...served.byServer);
      expect([byStore.code, byStore.out]).toEqual([0, byServer.out]);
      expect(byStore.out).not.toBe("");
    }
  },
);

test("rollout show says what holds it, until when, and who did what", async () => {
  const { out } = await run("rollout", "show", "r1", ...at, ...served.byServer);
  expect(out).toMatch(/^r1\n/);
  expect(out).toMatch(/state +blocked\n/);
  expect(out).toMatch(/held by +freeze until 2026-04-20 00:00 UTC\n/);
  expect(out).toMatch(/next start +2026-04-20 00:00 UTC\n/);
  expect(out).toMatch(/2026-04-12T00:00:00.000Z +RolloutBlocked +reported\n/);
});

test("rollout queue says how many wait, and what may start when", async () => {
  const { out } = await run("rollout", "queue", ...at, ...served.byServer);
  expect(out).toMatch(/^1 blocked; oldest 3 d 12 h; 0 overdue for release; 1 finishing/);
  expect(out).toMatch(/alpha r1 +security .* 2 nodes +freeze; next start 2026-04-20 00:00 UTC/);
  expect(out).toMatch(/may start\n +2026-04-20 00:00 UTC +1 rollout /);
});

test("rollout violations says what was done inside a zone, and that it was only reported", async () => {
  const { out } = await run("rollout", "violations", ...window, ...served.byServer);
  expect(out).toMatch(/^1 from 2026-04-01 00:00 UTC to 2026-04-15 12:00 UTC\n/);
  expect(out).toMatch(/2026-04-13T00:00:00.000Z +start +alpha rash +freeze +reported\n/);
});

test("rollout show of an unknown rollout says so and exits with 2", async () => {
  const { code, said } = await run("rollout", "show", "none", ...served.byServer);
  expect([code, said]).toEqual([2, expect.stringMatching(/There is no rollout "none"/)]);
});
