/** Gauges of each cluster's figures for Prometheus. A figure that is null has no sample. */
import { Gauge, type Registry } from "prom-client";
import type { Ledger } from "../../ledger/ledger.ts";
import { figuresEveryMs } from "../../limits/sinks.ts";
import type { ClusterFigures } from "./cluster-figures.ts";
import { clusterFiguresInSteps } from "./cluster-figures.ts";

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | null;
}

interface FigureGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (figures: ClusterFigures) => readonly Sample[];
}

const seconds = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : ms / 1_000;

/** Labels besides the cluster, and their values. */
const gauges: readonly FigureGauge[] = [
  {
    name: "fleetledger_nis_ratio",
    help: "Nodes in service over the running month.",
    labels: ["form"],
    samples: ({ month }) => [
      { labels: { form: "raw" }, value: month?.nis.raw ?? null },
      { labels: { form: "contractual" }, value: month?.nis.contractual ?? null },
    ],
  },
  {
    name: "fleetledger_nis_target_ratio",
    help: "The policy's target for contractual NIS.",
    labels: [],
    samples: ({ month }) => [{ value: month?.nis.target ?? null }],
  },
  {
    name: "fleetledger_error_budget_spent_ratio",
    help: "Share of the whole running month's error budget that is spent; above 1 the target cannot be met any more.",
    labels: [],
    samples: ({ month }) => [{ value: month?.budget.spentRatio ?? null }],
  },
  {
    name: "fleetledger_burn_rate",
    help: "How fast the error budget is spent: at 1 the target is just met.",
    labels: ["window"],
    samples: ({ month }) => {
      const rates = month?.nis.burnRates;
      return [
        { labels: { window: "1h" }, value: rates?.oneHour ?? null },
        { labels: { window: "6h" }, value: rates?.sixHours ?? null },
        { labels: { window: "3d" }, value: rates?.threeDays ?? null },
        { labels: { window: "period" }, value: rates?.period ?? null },
      ];
    },
  },
  {
    name: "fleetledger_job_uptime_ratio",
    help: "Job uptime over the running month.",
    labels: ["form"],
    samples: ({ month }) => [
      { labels: { form: "raw" }, value: month?.jobUptime.uptime ?? null },
      { labels: { form: "contractual" }, value: month?.jobUptime.contractual ?? null },
    ],
  },
  {
    name: "fleetledger_ettr_ratio",
    help: "Effective training time ratio over the running month.",
    labels: [],
    samples: ({ month }) => [{ value: month?.jobUptime.ettr ?? null }],
  },
  {
    name: "fleetledger_mttr_seconds",
    help: "Mean time to repair over the running month: of closed faults, and with open faults (restricted mean).",
    labels: ["form"],
    samples: ({ month }) => [
      { labels: { form: "closed" }, value: seconds(month?.mttr.meanMs) },
      { labels: { form: "restricted" }, value: seconds(month?.mttr.restrictedMeanMs) },
    ],
  },
  {
    name: "fleetledger_crashes",
    help: "Crashes of jobs that began in the day before ledger time.",
    labels: ["window"],
    samples: ({ crashesOfDay }) => [{ labels: { window: "1d" }, value: crashesOfDay }],
  },
  {
    name: "fleetledger_nodes",
    help: "Members by state.",
    labels: ["state"],
    samples: ({ present }) =>
      Object.entries(present.states).map(([state, value]) => ({ labels: { state }, value })),
  },
  {
    name: "fleetledger_open_faults",
    help: "Open faults: overdue are those older than the policy's repair target.",
    labels: ["overdue"],
    samples: ({ present: { openFaults, overdueFaults } }) => [
      { labels: { overdue: "true" }, value: overdueFaults },
      { labels: { overdue: "false" }, value: openFaults - overdueFaults },
    ],
  },
  {
    name: "fleetledger_releases_overdue",
    help: "Rollouts that wait although no no-fly zone holds them any more.",
    labels: [],
    samples: ({ releasesOverdue }) => [{ value: releasesOverdue }],
  },
];

interface GaugeOptions {
  readonly ledger: Ledger;
  /** Milliseconds that cannot be set back. */
  readonly elapsedMs?: (() => number) | undefined;
  /** Called with what kept a cluster's figures from being computed; they have no samples then. */
  readonly onFailure: (error: unknown) => void;
}

type FiguresByCluster = ReadonlyMap<string, ClusterFigures>;

/** Adds the gauges; a scrape computes their figures in turns, unless they were computed less than 15 s ago. */
export function addClusterGauges(registry: Registry, options: GaugeOptions): void {
  const figures = keptFigures(options);
  for (const { name, help, labels, samples } of gauges) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: ["cluster", ...labels],
      registers: [registry],
      collect: async () => {
        const all = await figures();
        gauge.reset();
        for (const [cluster, each] of all) {
          for (const { labels: more, value } of samples(each))
            if (value !== null) gauge.set({ cluster, ...more }, value);
        }
      },
    });
  }
}

function keptFigures(options: GaugeOptions): () => Promise<FiguresByCluster> {
  const { elapsedMs = () => performance.now() } = options;
  let kept: Promise<FiguresByCluster> | null = null;
  let computedMs = -Infinity;
  return () => {
    if (kept === null || elapsedMs() - computedMs >= figuresEveryMs) {
      computedMs = elapsedMs();
      kept = figuresOf(options);
    }
    return kept;
  };
}

/** Each cluster at the newest position; a cluster whose figures cannot be computed is left out. */
async function figuresOf({ ledger, onFailure }: GaugeOptions): Promise<FiguresByCluster> {
  const sequence = ledger.sequence();
  const all = new Map<string, ClusterFigures>();
  for (const cluster of ledger.clusters(sequence)) {
    const head = ledger.view(cluster, sequence).headRecordedAt ?? -Infinity;
    const at = Math.max(Math.floor(ledger.nowMs()), head);
    try {
      all.set(
        cluster,
        await ledger.answerInSteps(cluster, sequence, (view) => clusterFiguresInSteps(view, at)),
      );
    } catch (error) {
      onFailure(error);
    }
  }
  return all;
}
