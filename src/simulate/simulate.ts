/**
 * The simulator. It first decides what happens (`history.ts`), stating each fact as its sources would,
 * and keeps books of the figures from that ground truth (`books.ts`), never from the facts.
 */
import { keepBooks, type Truth } from "./books/books.ts";
import { correct } from "./telling/corrections.ts";
import { simulateFaults } from "./truth/nodes/faults.ts";
import { simulateFleet } from "./truth/fleet/fleet.ts";
import type { ClusterTruth, CoTestTerms, CoTestTruth, History } from "./setting/history.ts";
import { simulateCoTests } from "./truth/co-tests.ts";
import { simulateJobs } from "./truth/jobs/jobs.ts";
import { simulateMaintenance } from "./truth/nodes/maintenance.ts";
import { simulateDeclaredNfzs, type ZonedCluster } from "./truth/nfz/declared.ts";
import { simulateReportedNfzs } from "./truth/nfz/reported.ts";
import { lastWord } from "./telling/last-word.ts";
import { inTheirPlaces, type SimulatedEvent } from "./telling/lines.ts";
import { simulateObservation } from "./telling/observation.ts";
import { simulatePolicies } from "./truth/policies.ts";
import { simulateScaleRequests } from "./node-desk/scale-requests.ts";
import { DecisionLog, type Request } from "./setting/decision-log.ts";
import { Random } from "./setting/prng.ts";
import { duplicates, echoes } from "./telling/repeats.ts";
import type { StatedFact } from "./setting/reporter.ts";
import { simulateRollouts } from "./truth/rollouts/rollouts.ts";
import { scenarioOf } from "./scenarios/table.ts";
import type { Scenario } from "./setting/scenario.ts";
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
  /** What is recorded later is yet to come for a ledger that is served. Default: the end, so that nothing is. */
  readonly presentMs?: number;
}

export interface Simulation {
  readonly scenario: string;
  readonly days: number;
  readonly seed: number;
  readonly fromMs: number;
  readonly endMs: number;
  /** In the order of recording, duplicates among them. */
  readonly events: readonly SimulatedEvent[];
  /** What the ledger was asked, by the id of the first event that it made of it. */
  readonly requests: ReadonlyMap<string, Request>;
  readonly history: History;
  /** The books, kept when they are first asked for. */
  readonly truth: Truth;
}

/**
 * The same options always give the same bytes. Throws a RangeError for an unknown scenario, a seed
 * that is no safe integer, or days that are none.
 */
export function simulate(options: SimulateOptions): Simulation {
  const { days, seed, endMs = defaultEndMs, presentMs = endMs } = options;
  const scenario = scenarioOf(options.scenario);
  if (!Number.isInteger(days) || days < 1) {
    throw new RangeError(`a simulation takes a whole number of days, not ${days}`);
  }
  const random = new Random(seed, scenario.name);
  const fromMs = endMs - days * dayMs;
  const settings = scenario.clusters.map((plan): Setting => ({
    scenario,
    plan,
    from: fromMs,
    end: endMs,
    present: presentMs,
    random: random.fork(plan.cluster),
    reporters: [],
  }));
  const fleet = simulateClusters(settings, random);
  const { stated, declared, decided, requests } = fleet;
  const last = lastWord(random.fork("last word"), endMs);
  const { clusters, tested } = testTogether(settings, fleet.clusters, last.test);
  const echoed = echoes(stated, scenario, random.fork("echoes"), endMs);
  const corrected = correct(stated, scenario, random.fork("corrections"), endMs);
  // Of one instant the ledger takes facts down first, then decides about no-fly zones, then about rollouts.
  const once = [...corrected.facts, ...echoed, ...declared, ...decided];
  const again = duplicates(once, scenario, random.fork("duplicates"), endMs);
  const bench = tellOfTests(tested, scenario, random.fork("co-tests"), endMs);
  const told = [...bench, ...once, ...again].sort((a, b) => a.recordedAt - b.recordedAt);
  const scaled = settings.map((each, i) =>
    simulateScaleRequests(each, fleet.clusters[i]?.nodes ?? [], told),
  );
  const answered = tellOfScaling(scaled, scenario, random.fork("scale requests"), endMs);
  const lines = [...told, ...answered].sort((a, b) => a.recordedAt - b.recordedAt);
  lines.push(last.fact);
  const history: History = {
    scenario: scenario.name,
    seed,
    days,
    from: fromMs,
    to: endMs,
    clusters: clusters.map((each, i) => ({ ...each, scaleRequests: scaled[i]?.requests ?? [] })),
    amended: corrected.amended,
  };
  let truth: Truth | undefined;
  return {
    scenario: scenario.name,
    days,
    seed,
    fromMs,
    endMs,
    events: inTheirPlaces(lines),
    requests: new Map([...requests, ...scaled.flatMap(({ log }) => [...log.requests])]),
    history,
    get truth() {
      return (truth ??= keepBooks(history));
    },
  };
}

type UnaskedCluster = Omit<ClusterTruth, "scaleRequests">;
type UntestedCluster = Omit<UnaskedCluster, "coTests" | "coTestTerms">;

interface Fleet {
  readonly clusters: readonly UntestedCluster[];
  /** What was reported. */
  readonly stated: readonly StatedFact[];
  /** What the ledger decided about no-fly zones, and about rollouts. */
  readonly declared: readonly StatedFact[];
  readonly decided: readonly StatedFact[];
  readonly requests: ReadonlyMap<string, Request>;
}

function simulateClusters(settings: readonly Setting[], random: Random): Fleet {
  const zoned = settings.map((setting) => {
    const policies = simulatePolicies(setting);
    const nodes = simulateFleet(setting);
    return { setting, policies, nodes, nfzs: simulateReportedNfzs(setting, nodes) };
  });
  const calendar = random.fork("declared no-fly zones");
  const declared = new DecisionLog(calendar.fork("ids"));
  const byName = zoned.toSorted((a, b) =>
    a.setting.plan.cluster < b.setting.plan.cluster ? -1 : 1,
  );
  simulateDeclaredNfzs(byName, calendar, declared);
  const logs = settings.map((setting) => new DecisionLog(setting.random.fork("decisions")));
  const clusters = zoned.map((each, i) => simulateCluster(each, logs[i] ?? declared));
  return {
    clusters,
    stated: settings.flatMap(({ reporters }) => reporters.flatMap(({ facts }) => facts)),
    declared: declared.facts,
    decided: logs.flatMap(({ facts }) => facts),
    requests: new Map([declared, ...logs].flatMap(({ requests }) => [...requests])),
  };
}

function simulateCluster(
  zoned: ZonedCluster & { readonly policies: ClusterTruth["policies"] },
  log: DecisionLog,
): UntestedCluster {
  const { setting, policies, nodes, nfzs } = zoned;
  const crew = reporterOf(setting, "maintenance-planner");
  const { rollouts, breakages, triggers, unattended } = simulateRollouts(
    setting,
    nodes,
    nfzs,
    crew,
    log,
  );
  const planned = simulateMaintenance(setting, { nodes, nfzs }, crew);
  simulateFaults(setting, nodes, breakages);
  simulateObservation(setting, nodes);
  const jobs = simulateJobs(setting, nodes, [...triggers, ...planned]);
  const { cluster, zone, asksLedger } = setting.plan;
  const named = { cluster, zone, asksLedger, unattended };
  return { ...named, policies, nodes: [...nodes], jobs, rollouts, nfzs };
}

/** What test benches find out: it changes nothing of what else happens. */
function testTogether(
  settings: readonly Setting[],
  untested: readonly UntestedCluster[],
  last: CoTestTruth,
): { readonly clusters: readonly UnaskedCluster[]; readonly tested: readonly StatedFact[] } {
  const benches = settings.map((setting, i) =>
    simulateCoTests(setting, untested[i]?.rollouts ?? []),
  );
  const tests = [...benches.flatMap((bench) => bench.tests), last];
  const clusters = untested.map((truth, i): UnaskedCluster => ({
    ...truth,
    coTests: tests.filter(({ cluster }) => cluster === null || cluster === truth.cluster),
    coTestTerms: termsOf(settings[i]),
  }));
  return { clusters, tested: benches.flatMap(({ facts }) => facts) };
}

/** Only clusters that ask the ledger have a policy for rollouts. */
function termsOf(setting: Setting | undefined): CoTestTerms {
  if (setting === undefined || !setting.plan.asksLedger)
    return { environments: null, validMs: Infinity };
  const { counted, validDays } = setting.scenario.coTests;
  return { environments: counted, validMs: validDays === null ? Infinity : validDays * dayMs };
}

/** As everything else is told: some of it wrong at first, some twice. Its chance is its own. */
function tellOfTests(
  tested: readonly StatedFact[],
  scenario: Scenario,
  random: Random,
  endMs: number,
): readonly StatedFact[] {
  const { facts } = correct(tested, scenario, random.fork("corrections"), endMs);
  return [...facts, ...duplicates(facts, scenario, random.fork("duplicates"), endMs)];
}

/** A decision may be sent twice, but is never wrong. */
function tellOfScaling(
  scaled: readonly ReturnType<typeof simulateScaleRequests>[],
  scenario: Scenario,
  random: Random,
  endMs: number,
): readonly StatedFact[] {
  const facts = scaled.flatMap(({ log }) => log.facts);
  return [...facts, ...duplicates(facts, scenario, random, endMs)];
}
