/** What operators see of decisions: a log line and a count for each command, and the present queue. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { FastifyBaseLogger } from "fastify";
import { inForceAt } from "../../../projections/nfz/in-force.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import type { Deciding } from "../../decisions/command/deciding.ts";
import { foldAround, rolloutsAround, worldAt } from "../../decisions/command/world.ts";
import type { SweptRollout } from "../../decisions/sweeps/sweep.ts";
import type { Ledger } from "../../ledger/ledger.ts";

/** Counts and logs the outcome of each command; returns the function that does the same for swept rollouts. */
export function watchDecisions(
  registry: Registry,
  deciding: Deciding,
  log: FastifyBaseLogger,
): (swept: SweptRollout) => void {
  const registers = [registry];
  const commands = new Counter({
    name: "fleetledger_commands_total",
    help: "Commands on rollouts and no-fly zones since the start, by outcome: appended, already, repeated, or the code of the refusal.",
    labelNames: ["command", "result"],
    registers,
  });
  const swept = new Counter({
    name: "fleetledger_swept_total",
    help: "Events that sweeps have appended since the start, by type.",
    labelNames: ["type"],
    registers,
  });
  for (const type of [
    "RolloutUnblocked",
    "RolloutBlocked",
    "RolloutPaused",
    "RolloutRollbackOrdered",
    "RolloutRollbackOrdered",
  ])
    swept.inc({ type }, 0);
  deciding.listen(({ command, about, actor, result }) => {
    commands.inc({ command, result });
    log.info({ command, about, actor, result }, "decided");
  });
  addQueueGauges(registry, deciding.ledger);
  return (each) => {
    for (const type of each.types) swept.inc({ type });
    log.info(each, "swept");
  };
}

const blockedGauge = "fleetledger_rollouts_blocked";

interface Queue {
  readonly blocked: number;
  readonly oldestSeconds: number;
  readonly inForce: number;
}

function addQueueGauges(registry: Registry, ledger: Ledger): void {
  // The first gauge reads the queues; the others use what it read.
  let queues = Promise.resolve(new Map<string, Queue>());
  const look = async (): Promise<Map<string, Queue>> => {
    const read = new Map<string, Queue>();
    for (const cluster of ledger.clusters()) read.set(cluster, await queueNow(ledger, cluster));
    return read;
  };
  const gauge = (name: string, help: string, read: (queue: Queue) => number): void => {
    const made: Gauge<"cluster"> = new Gauge({
      name,
      help,
      labelNames: ["cluster"],
      registers: [registry],
      collect: async () => {
        if (name === blockedGauge) queues = look();
        const now = await queues;
        made.reset();
        for (const [cluster, queue] of now) made.set({ cluster }, read(queue));
      },
    });
  };
  gauge(blockedGauge, "Rollouts that wait for a no-fly zone to end.", ({ blocked }) => blocked);
  gauge(
    "fleetledger_rollouts_blocked_oldest_seconds",
    "How long the rollout that has waited longest has waited; 0 if none waits.",
    ({ oldestSeconds }) => oldestSeconds,
  );
  gauge("fleetledger_nfz_in_force", "No-fly zones in force.", ({ inForce }) => inForce);
}

async function queueNow(ledger: Ledger, cluster: string): Promise<Queue> {
  const view = ledger.view(cluster);
  const at = Math.max(Math.floor(ledger.nowMs()), view.headRecordedAt ?? -Infinity);
  await foldAround(ledger, view, at);
  let blocked = 0;
  let oldestMs = 0;
  for (const timeline of rolloutsAround(view, at)) {
    const { held } = statusBefore(timeline, at + 1);
    if (held === null) continue;
    blocked++;
    oldestMs = Math.max(oldestMs, at - held.since);
  }
  const { nfzs } = worldAt(view, at);
  const inForce = nfzs.filter((each) => inForceAt(each, at) !== null).length;
  return { blocked, oldestSeconds: oldestMs / 1_000, inForce };
}
