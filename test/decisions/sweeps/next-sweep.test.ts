/** When the next sweep is due: at the next instant at which anything may be held or free that was not. */
import { expect, it } from "vitest";
import { sweepCluster } from "../../../src/decisions/sweeps/sweep.ts";
import { hour, iso } from "../../projections/history.ts";
import { type RolloutLedger, rolloutLedger } from "../rollouts/rollout-ledger.ts";

async function nextOf({ deciding }: RolloutLedger): Promise<string | null> {
  const { nextAt } = await sweepCluster(deciding, "c");
  return nextAt === Infinity ? null : iso(nextAt);
}

async function zone(about: RolloutLedger, from: number, to: number): Promise<void> {
  const occurrences = [{ from: iso(hour(from)), to: iso(hour(to)) }];
  await about.state("NfzDeclared", 0, { nfz: "x", cluster: "c", occurrences, inFlight: "pause" });
}

it("no next sweep is known without NFZs", async () => {
  await using about = await rolloutLedger();
  expect(await nextOf(about)).toBeNull();
});

it("the next sweep is the begin of the next occurrence, and its end while it runs", async () => {
  await using about = await rolloutLedger();
  await zone(about, 2, 5);
  expect(await nextOf(about)).toBe(iso(hour(2)));
  about.setClock(2);
  expect(await nextOf(about)).toBe(iso(hour(5)));
  about.setClock(5);
  expect(await nextOf(about)).toBeNull();
});

it("the next sweep is the end of a grant, also of a rollout that has not started on it yet", async () => {
  await using about = await rolloutLedger();
  await zone(about, 0, 5);
  await about.submit();
  const body = { role: "approver", expiresAt: iso(hour(3)) };
  await about.ask({ name: "override", body });
  expect(await nextOf(about)).toBe(iso(hour(3)));
  await about.ask({ name: "cancel" });
  expect(await nextOf(about)).toBe(iso(hour(5)));
});

it("the next sweep is the instant of a change of an NFZ that was reported ahead of its time", async () => {
  await using about = await rolloutLedger();
  await zone(about, 0, 5);
  await about.state("NfzLifted", 4 / 60, { nfz: "x", cluster: "c" });
  expect(await nextOf(about)).toBe(iso(hour(4 / 60)));
});
