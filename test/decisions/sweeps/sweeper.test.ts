/** That what fails in a turn of the timers holds up nothing else. */
import { expect, test } from "vitest";
import { deciding } from "../../../src/decisions/command/deciding.ts";
import { Sweeper } from "../../../src/decisions/sweeps/sweeper.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const about = { rollout: "r1", cluster: "alpha" };
const zone = {
  nfz: "freeze",
  cluster: "alpha",
  inFlight: "pause",
  occurrences: [{ from: "2026-04-10T00:00:00Z", to: "2026-04-12T00:00:00Z" }],
};

test("a rollout is released at the end of its zone although no further occurrences can be recorded", async () => {
  await using temporary = temporaryLedger();
  const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
  const ledger = await temporary.open({ clock });
  await ledger.submit([
    { id: id(1), type: "NfzDeclared", occurredAt: "2026-04-09T00:00:00Z", data: zone },
    {
      id: id(2),
      type: "RolloutBlocked",
      occurredAt: "2026-04-11T00:00:00Z",
      data: { ...about, nfzIds: ["freeze"] },
    },
  ]);
  const failure = new Error("a rule cannot be read");
  const failures: unknown[] = [];
  const released: string[] = [];
  const sweeper = new Sweeper({
    deciding: deciding(ledger),
    resolve: () => Promise.reject(failure),
    isInCharge: () => true,
    onSwept: ({ rollout, types }) => released.push(`${rollout} ${types.join()}`),
    onFailure: (error) => failures.push(error),
  });
  await sweeper.start();
  await sweeper.stop();
  expect(failures).toEqual([failure]);
  expect(released).toEqual(["r1 RolloutUnblocked"]);
});

test("the end of a zone is awaited by the ledger's clock, which may run faster than real time", async () => {
  await using temporary = temporaryLedger();
  const [begin, startedMs] = [Date.parse("2026-04-11T12:00:00Z"), performance.now()];
  const speed = 1e6;
  const nowMs = () => begin + (performance.now() - startedMs) * speed;
  const ledger = await temporary.open({ clock: { nowMs, speed: () => speed } });
  await ledger.submit([
    { id: id(1), type: "NfzDeclared", occurredAt: "2026-04-09T00:00:00Z", data: zone },
    {
      id: id(2),
      type: "RolloutBlocked",
      occurredAt: "2026-04-11T00:00:00Z",
      data: { ...about, nfzIds: ["freeze"] },
    },
  ]);
  const released: string[] = [];
  const sweeper = new Sweeper({
    deciding: deciding(ledger),
    resolve: async () => undefined,
    isInCharge: () => true,
    onSwept: ({ rollout, types }) => released.push(`${rollout} ${types.join()}`),
    onFailure: (error) => released.push(String(error)),
  });
  await sweeper.start();
  // By the machine's clock the next look would be in a minute.
  await expect.poll(() => released).toEqual(["r1 RolloutUnblocked"]);
  await sweeper.stop();
});
