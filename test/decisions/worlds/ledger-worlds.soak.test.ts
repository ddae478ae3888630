/** Random worlds over a ledger in a file, through the doors that its routes use: what is sent again is answered as at first. */
import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";
import type { RolloutCommand } from "../../../src/decisions/rollouts/commands.ts";
import { sweepCluster } from "../../../src/decisions/sweeps/sweep.ts";
import { type RandomSource, randomSource } from "../../histories/random-source.ts";
import { hour, iso } from "../../projections/history.ts";
import { soakRuns } from "../../random-runs.ts";
import { type RolloutLedger, rolloutLedger } from "../rollouts/rollout-ledger.ts";

interface Asked {
  readonly id: string;
  readonly command: RolloutCommand;
  readonly answer: object;
}

const minute = 1 / 60;

/** What the policy lets a command be answered with. */
const codes = [
  "nfz-in-force",
  "transition-refused",
  "override-refused",
  "not-found",
  "rollout-refused",
];

function someCommand(random: RandomSource, now: number): RolloutCommand {
  const expiresAt = iso(hour(now + random.pick([minute, 1, 5])));
  return random.pick<RolloutCommand>([
    { name: "start" },
    { name: "start" },
    { name: "resume" },
    { name: "pause" },
    { name: "verify" },
    { name: "progress", body: { nodesDone: random.below(3), nodesTotal: 2 } },
    { name: "override", body: { role: "approver", expiresAt } },
    { name: "override", body: { role: "approver", expiresAt, nfzIds: ["n0", "n1"] } },
    ...(random.chance(0.1) ? [{ name: "fail" } as const] : []),
  ]);
}

/** A fact that somebody states, now, late or a little ahead. */
async function someFact(about: RolloutLedger, random: RandomSource, now: number): Promise<void> {
  const at = Math.max(0, now + random.pick([0, 0, -1, -5 * minute, 4 * minute]));
  const named = { rollout: "r", cluster: "c" };
  const nfz = { nfz: `n${random.below(4)}`, cluster: "c" };
  const span = { from: iso(hour(at)), to: iso(hour(at + random.pick([minute, 1, 3]))) };
  const inFlight = random.pick(["finish", "pause", "rollback"]);
  const [type, data] = random.pick<readonly [string, Record<string, unknown>]>([
    ["NfzDeclared", { ...nfz, occurrences: [span], inFlight }],
    ["NfzDeclared", { ...nfz, occurrences: [span], inFlight }],
    ["NfzLifted", nfz],
    ["RolloutStarted", named],
    ["RolloutPaused", named],
    ["RolloutBlocked", { ...named, nfzIds: ["n1"] }],
    ["RolloutProgressed", { ...named, nodesDone: 1, nodesTotal: 2 }],
  ]);
  const eventId = await about.state(type, at, data);
  if (random.chance(0.1)) await about.state("FactRetracted", now, { eventId });
}

async function sweepTwice({ deciding }: RolloutLedger): Promise<void> {
  await sweepCluster(deciding, "c");
  expect((await sweepCluster(deciding, "c")).swept).toEqual([]);
}

/** Returns how many commands were sent again. */
async function runWorld(seed: number): Promise<number> {
  const random = randomSource(seed);
  await using about = await rolloutLedger();
  await about.submit();
  const asked: Asked[] = [];
  let now = 0;
  let repeated = 0;
  for (let step = 0; step < 60; step++) {
    now = Math.max(0, now + random.pick([0, 1 / 3_600, minute, minute, 0.5, 1, -1]));
    about.setClock(now);
    const what = random.below(10);
    if (what < 4) {
      const id = random.uuid();
      const command = someCommand(random, now);
      const answer = await about.ask(command, id);
      if ("code" in answer && !codes.includes(String(answer.code)))
        throw new Error(`${command.name} was refused with ${String(answer.code)}`);
      if ("event" in answer && (answer.event as { id?: string } | null)?.id === id)
        asked.push({ id, command, answer });
    } else if (what < 7) await someFact(about, random, now);
    else if (what < 8) await sweepTwice(about);
    else if (asked.length > 0) {
      const { id, command, answer } = random.pick(asked);
      const again = { ...(await about.ask(command, id)), outcome: "" };
      if (!isDeepStrictEqual(again, { ...answer, outcome: "" }))
        throw new Error(
          `${command.name} was answered ${JSON.stringify(answer)}, then ${JSON.stringify(again)}`,
        );
      repeated++;
    }
  }
  about.setClock(now + 100);
  await sweepTwice(about);
  const { status } = about.ledger.view("c").entity("rollout", "r") ?? {};
  expect(status?.held).toBeNull();
  return repeated;
}

it("a command that is sent again is answered as at first, whatever was recorded since, and sweeps come to rest", async () => {
  let repeated = 0;
  for (let seed = 1; seed <= soakRuns(200, 20); seed++) {
    try {
      repeated += await runWorld(seed);
    } catch (error) {
      throw new Error(`world ${seed}: ${String(error)}`, { cause: error });
    }
  }
  expect(repeated).toBeGreaterThan(20);
});
