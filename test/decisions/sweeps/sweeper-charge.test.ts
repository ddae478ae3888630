/** What a process sweeps while it may not know whether it drives the timers. */
import { expect, test, vi } from "vitest";
import { type Deciding, deciding } from "../../../src/decisions/command/deciding.ts";
import { Sweeper } from "../../../src/decisions/sweeps/sweeper.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";

// Nothing here waits for long.
vi.mock("../../../src/limits/decisions.ts", async (original) => ({
  ...(await original<object>()),
  sweepAtLeastMs: 20,
  sweepAgainMs: 10,
  inChargeLookMs: 10,
}));

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const about = { rollout: "r1", cluster: "alpha" };
const clock = { nowMs: () => Date.parse("2026-04-11T12:00:00Z") };

test("sweeps go on although the lease seemed lost at the moment of one of them", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  let asked = 0;
  let turns = 0;
  const sweeper = new Sweeper({
    deciding: deciding(ledger),
    resolve: async () => void turns++,
    isInCharge: () => ++asked !== 2,
    onSwept: () => undefined,
    onFailure: (error) => expect(error).toBeNull(),
  });
  await sweeper.start();
  await expect.poll(() => turns).toBeGreaterThan(3);
  await sweeper.stop();
});

/** A ledger whose views fail once. */
function failingOnce(ledger: Ledger, error: Error): Ledger {
  let isLeft = true;
  return new Proxy(ledger, {
    get(target, name) {
      if (name === "view" && isLeft) {
        isLeft = false;
        throw error;
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a rollout that this process let start is swept again if that failed, whoever drives the timers", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  const occurrences = [{ from: "2026-04-10T00:00:00Z", to: "2026-04-12T00:00:00Z" }];
  const zone = { nfz: "freeze", cluster: "alpha", inFlight: "pause", occurrences };
  const submitted = {
    ...about,
    targets: {},
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "routine",
  };
  await ledger.submit([
    { id: id(1), type: "NfzDeclared", occurredAt: "2026-04-09T00:00:00Z", data: zone },
    { id: id(2), type: "RolloutSubmitted", occurredAt: "2026-04-09T00:00:00Z", data: submitted },
    { id: id(3), type: "RolloutStarted", occurredAt: "2026-04-11T00:00:00Z", data: about },
  ]);
  await ledger.waitFor(3, 600_000);
  const failures: unknown[] = [];
  const swept: string[] = [];
  const failure = new Error("the view is not there yet");
  const made: Deciding = { ...deciding(ledger), ledger: failingOnce(ledger, failure) };
  const sweeper = new Sweeper({
    deciding: made,
    resolve: async () => undefined,
    isInCharge: () => false,
    onSwept: ({ rollout, types }) => swept.push(`${rollout} ${types.join()}`),
    onFailure: (error) => failures.push(error),
  });
  await sweeper.start();
  made.onLetGo(about);
  await expect.poll(() => swept).toEqual(["r1 RolloutPaused,RolloutBlocked"]);
  await sweeper.stop();
  expect(failures).toEqual([failure]);
});
