/**
 * The simulator. It first decides what happens (`history.ts`), stating each fact as its sources would,
 * and keeps books of the figures from that ground truth (`books.ts`), never from the facts.
 */
import { keepBooks, type Truth } from "./books/books.ts";
import { correct } from "./telling/corrections.ts";
import type { ClusterTruth, CoTestTerms, CoTestTruth, History } from "./setting/history.ts";
import { simulateCoTests } from "./truth/co-tests.ts";
import { lastWord } from "./telling/last-word.ts";
import { inTheirPlaces, type SimulatedEvent } from "./telling/lines.ts";
import { simulateCommandedMaintenance } from "./node-desk/commanded-maintenance.ts";
import { ToldFacts } from "./node-desk/told-facts.ts";
import { simulateScaleRequests } from "./node-desk/scale-requests.ts";
import type { DecisionLog, Request } from "./setting/decision-log.ts";
import { Random } from "./setting/prng.ts";
import { duplicates, echoes } from "./telling/repeats.ts";
import type { StatedFact } from "./setting/reporter.ts";
import { simulateWorlds, withJobs } from "./worlds.ts";
import { scenarioOf } from "./scenarios/table.ts";
import type { Scenario } from "./setting/scenario.ts";
import { dayMs, type Setting } from "./setting/setting.ts";

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
  const { clusters, amended, lines, logs } = tell(settings, scenario, random, endMs);
  const named = { scenario: scenario.name, seed, days };
  const history: History = { ...named, from: fromMs, to: endMs, clusters, amended };
  let truth: Truth | undefined;
  return {
    ...named,
    fromMs,
    endMs,
    events: inTheirPlaces(lines),
    requests: new Map(logs.flatMap(({ requests }) => [...requests])),
    history,
    get truth() {
      return (truth ??= keepBooks(history));
    },
  };
}

interface Told extends Pick<History, "clusters" | "amended"> {
  readonly lines: readonly StatedFact[];
  readonly logs: readonly DecisionLog[];
}

/** What happens, and how the ledger comes to know of it. */
function tell(
  settings: readonly Setting[],
  scenario: Scenario,
  random: Random,
  endMs: number,
): Told {
  const { worlds, declared } = simulateWorlds(settings, random);
  // Decisions about nodes go by what the ledger is told of them; jobs are told of later, since they meet what was decided.
  const stated = newlyStated(settings);
  const echoed = echoes(stated, scenario, random.fork("echoes"), endMs);
  const corrected = correct(stated, scenario, random.fork("corrections"), endMs);
  const ofNodes = byRecording([...corrected.facts, ...echoed]);
  const asked = worlds.map((world) => {
    const { cluster, asksLedger } = world.setting.plan;
    return { world, told: new ToldFacts(cluster, asksLedger ? ofNodes : []) };
  });
  const crews = asked.map(({ world, told }) =>
    simulateCommandedMaintenance(world.setting, world, told),
  );
  const untested = worlds.map((world, i) => withJobs(world, crews[i]?.triggers ?? []));
  const stops = random.fork("corrections of jobs");
  const ofJobs = correct(newlyStated(settings), scenario, stops, endMs).facts;
  const last = lastWord(random.fork("last word"), endMs);
  const { clusters, tested } = testTogether(settings, untested, last.test);
  const scaled = asked.map(({ world: { setting, nodes }, told }) =>
    simulateScaleRequests(setting, nodes, told),
  );
  const decided = [...worlds, ...crews].flatMap(({ log }) => log.facts);
  // Of one instant the ledger takes facts down first, then decides about no-fly zones, rollouts, maintenance and scaling.
  const once = [...corrected.facts, ...ofJobs, ...echoed, ...declared.facts, ...decided];
  const again = duplicates(once, scenario, random.fork("duplicates"), endMs);
  const bench = tellOfTests(tested, scenario, random.fork("co-tests"), endMs);
  const answered = tellOfScaling(scaled, scenario, random.fork("scale requests"), endMs);
  return {
    clusters: clusters.map((each, i) => ({
      ...each,
      scaleRequests: scaled[i]?.requests ?? [],
      maintenanceRefusals: crews[i]?.refusals ?? [],
    })),
    amended: corrected.amended,
    lines: [...byRecording([...bench, ...once, ...again, ...answered]), last.fact],
    logs: [declared, ...[...worlds, ...crews, ...scaled].map(({ log }) => log)],
  };
}

type UnaskedCluster = Omit<ClusterTruth, "scaleRequests" | "maintenanceRefusals">;

/** What was stated since it was last asked. */
function newlyStated(settings: readonly Setting[]): StatedFact[] {
  return settings.flatMap(({ reporters }) => reporters.splice(0).flatMap(({ facts }) => facts));
}

/** Of one instant in the order given. */
function byRecording(facts: readonly StatedFact[]): StatedFact[] {
  return facts.toSorted((a, b) => a.recordedAt - b.recordedAt);
}

/** What test benches find out: it changes nothing of what else happens. */
function testTogether(
  settings: readonly Setting[],
  untested: readonly ReturnType<typeof withJobs>[],
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
