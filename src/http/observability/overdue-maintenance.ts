/** What operators see of maintenance that should be over: a gauge, and a warning in the log when one becomes overdue. */
import { Gauge, type Registry } from "prom-client";
import type { FastifyBaseLogger } from "fastify";
import type { OverdueMaintenance } from "../../../projections/nodes/overdue.ts";
import { overdueNow } from "../../answers/holds/overdue-maintenance.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { figuresEveryMs, overdueLookMs } from "../../limits/sinks.ts";

interface Watched {
  readonly ledger: Ledger;
  readonly registry: Registry;
  readonly log: FastifyBaseLogger;
}

/** Nodes that a warning names: the list says the rest. */
const namedNodes = 5;

/** Lines of one look at a cluster: after a start, or after an outage of the planner, all of it is new. */
const linesOfLook = 10;

export class OverdueWatch {
  readonly #ledger: Ledger;
  readonly #log: FastifyBaseLogger;
  readonly #timer: NodeJS.Timeout;
  /** Stretches by cluster. */
  #counts = new Map<string, number>();
  #lookedAtMs = -Infinity;
  #looking: Promise<void> | null = null;
  /** Maintenance that was warned of, by cluster and id, as long as it is overdue. */
  #warned: ReadonlySet<string> = new Set();

  constructor({ ledger, registry, log }: Watched) {
    this.#ledger = ledger;
    this.#log = log;
    const gauge: Gauge<"cluster"> = new Gauge({
      name: "fleetledger_maintenance_overdue",
      help: "Stretches of maintenance that are open past their planned end, or longer than the policy allows.",
      labelNames: ["cluster"],
      registers: [registry],
      collect: async () => {
        if (this.#ledger.nowMs() - this.#lookedAtMs >= figuresEveryMs) await this.look();
        gauge.reset();
        for (const [cluster, count] of this.#counts) gauge.set({ cluster }, count);
      },
    });
    this.#timer = setInterval(() => void this.#lookOrSay(), overdueLookMs).unref();
  }

  async #lookOrSay(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.#log.warn({ err: error }, "overdue maintenance could not be looked for");
    }
  }

  /** Warns once of each maintenance that has become overdue since the last look. */
  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  async #look(): Promise<void> {
    const ledger = this.#ledger;
    this.#lookedAtMs = ledger.nowMs();
    const counts = new Map<string, number>();
    const overdue = new Set<string>();
    for (const cluster of ledger.clusters()) {
      const found = await overdueNow(ledger, cluster);
      counts.set(cluster, found.length);
      const byId = Map.groupBy(found, (each) => each.maintenanceId);
      const isNew = (maintenance: string) => !this.#warned.has(keyOf(cluster, maintenance));
      this.#warn(
        cluster,
        [...byId].filter(([maintenance]) => isNew(maintenance)),
      );
      for (const maintenance of byId.keys()) overdue.add(keyOf(cluster, maintenance));
    }
    this.#counts = counts;
    this.#warned = overdue;
  }

  #warn(
    cluster: string,
    found: readonly (readonly [string, readonly OverdueMaintenance[]])[],
  ): void {
    for (const [maintenance, stretches] of found.slice(0, linesOfLook)) {
      const nodes = stretches.map(({ node }) => node);
      const dueAt = new Date(Math.min(...stretches.map((each) => each.dueAt))).toISOString();
      const named = nodes.slice(0, namedNodes);
      const told = { cluster, maintenance, dueAt, count: nodes.length, nodes: named };
      this.#log.warn(told, "maintenance is overdue");
    }
    const count = found.length - linesOfLook;
    if (count > 0)
      this.#log.warn(
        { cluster, count },
        "more maintenance is overdue: see /v1/maintenance/overdue",
      );
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function keyOf(cluster: string, maintenance: string): string {
  return JSON.stringify([cluster, maintenance]);
}
