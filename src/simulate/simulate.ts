/**
 * The simulator. It first decides what happens (`history.ts`), stating each fact as its sources would,
 * and keeps books of the figures from that ground truth (`books.ts`), never from the facts.
 */
import { keepBooks, type Truth } from "./books/books.ts";
import { correct } from "./telling/corrections.ts";
import { simulateFaults } from "./truth/faults.ts";
import { simulateFleet } from "./truth/fleet.ts";
import type { ClusterTruth, History } from "./setting/history.ts";
import { simulateJobs } from "./truth/jobs.ts";
import { simulateMaintenance } from "./truth/maintenance.ts";
import { simulateNfzs } from "./truth/nfz.ts";
import { simulateObservation } from "./telling/observation.ts";
import { simulatePolicies } from "./truth/policies.ts";
import { Random } from "./setting/prng.ts";
import { duplicates, echoes } from "./telling/repeats.ts";
import type { StatedFact } from "./setting/reporter.ts";
import { simulateRollouts } from "./truth/rollouts.ts";
import type { ClusterPlan } from "./setting/scenario.ts";
import { scenarioOf } from "./scenarios/table.ts";
import { dayMs, reporterOf, type Setting } from "./setting/setting.ts";

/** Noon UTC after the first quarter of 2026: its last month is over in every zone, and 90 days reach back to 1 January. */
const defaultEndMs = Date.UTC(2026, 3, 1, 12);

interface SimulateOptions {
  /** The name of a scenario. */
  readonly scenario: string;
  /** Whole days, at least one. */
  readonly days: number;
  /** Any safe integer. */
  readonly seed: number;
  /** The instant at which the simulation ends, and the last at which the ledger hears of anything. */
  readonly endMs?: number;
}

/** A line of `import events --keep-recorded-at`. */
export interface SimulatedEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
  readonly source: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly recordedAt: string;
}

interface Simulation {
  readonly scenario: string;
  readonly days: number;
  readonly seed: number;
  readonly fromMs: number;
  readonly endMs: number;
  /** In the order of recording, duplicates among them. */
  readonly events: readonly SimulatedEvent[];
  readonly history: History;
  /** The books, kept when they are first asked for. */
  readonly truth: Truth;
}

/**
 * The same options always give the same bytes. Throws a RangeError for an unknown scenario, a seed
 * that is no safe integer, or days that are none.
 */
export function simulate(options: SimulateOptions): Simulation {
  const { days, seed, endMs = defaultEndMs } = options;
  const scenario = scenarioOf(options.scenario);
  if (!Number.isInteger(days) || days < 1) {
    throw new RangeError(`a simulation takes a whole number of days, not ${days}`);
  }
  const random = new Random(seed, scenario.name);
  const fromMs = endMs - days * dayMs;
  const clusters = scenario.clusters.map((plan) =>
    simulateCluster({
      scenario,
      plan,
      from: fromMs,
      end: endMs,
      random: random.fork(plan.cluster),
      reporters: [],
    }),
  );
  const stated = clusters.flatMap(({ facts }) => facts);
  const echoed = echoes(stated, scenario, random.fork("echoes"), endMs);
  const corrected = correct(stated, scenario, random.fork("corrections"), endMs);
  const once = [...corrected.facts, ...echoed];
  const again = duplicates(once, scenario, random.fork("duplicates"), endMs);
  const lines = [...once, ...again].sort((a, b) => a.recordedAt - b.recordedAt);
  lines.push(lastWord(random.fork("last word"), endMs));
  const history: History = {
    scenario: scenario.name,
    seed,
    days,
    from: fromMs,
    to: endMs,
    clusters: clusters.map(({ truth }) => truth),
    amended: corrected.amended,
  };
  let truth: Truth | undefined;
  return {
    scenario: scenario.name,
    days,
    seed,
    fromMs,
    endMs,
    events: lines.map(toEvent),
    history,
    get truth() {
      return (truth ??= keepBooks(history));
    },
  };
}

function simulateCluster(setting: Setting): { truth: ClusterTruth; facts: StatedFact[] } {
  const { plan } = setting;
  const policies = simulatePolicies(setting);
  const nodes = simulateFleet(setting);
  const racks = [...new Set(nodes.map(({ rack }) => rack))];
  const nfzs = simulateNfzs(setting, racks);
  const crew = reporterOf(setting, "maintenance-planner");
  const { rollouts, breakages, triggers } = simulateRollouts(setting, nodes, nfzs, crew);
  const planned = simulateMaintenance(setting, nodes, crew);
  simulateFaults(setting, nodes, breakages);
  simulateObservation(setting, nodes);
  const jobs = simulateJobs(setting, nodes, [...triggers, ...planned]);
  const { cluster, zone } = plan satisfies ClusterPlan;
  return {
    truth: { cluster, zone, policies, nodes, jobs, rollouts, nfzs },
    facts: setting.reporters.flatMap((reporter) => reporter.facts),
  };
}

/** A fact that touches no figure, recorded at the very end: up to there the ledger is told of everything. */
function lastWord(random: Random, endMs: number): StatedFact {
  return {
    id: random.uuid(),
    type: "CoTestPassed",
    occurredAt: endMs - 1,
    recordedAt: endMs,
    data: {
      coTest: "nightly",
      updates: [
        { component: "driver", version: "9.1.0" },
        { component: "kernel", version: "6.30.2" },
      ],
    },
    source: "test-bench",
  };
}

function toEvent(fact: StatedFact): SimulatedEvent {
  const { occurredAt, recordedAt, ...rest } = fact;
  return {
    ...rest,
    occurredAt: new Date(occurredAt).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
  };
}
