/** A cluster's test bench: it installs the updates of a few rollouts together, and says whether that went well. */
import { isEnd } from "./rollouts/standing.ts";
import type { CoTestTruth, RolloutTruth } from "../setting/history.ts";
import type { Random } from "../setting/prng.ts";
import { Reporter, type StatedFact } from "../setting/reporter.ts";
import { poissonInstants, type Setting } from "../setting/setting.ts";

interface Bench {
  readonly tests: readonly CoTestTruth[];
  readonly facts: readonly StatedFact[];
}

type Updates = CoTestTruth["updates"];

/** A rollout from its submission to its end. */
interface Stay {
  readonly updates: Updates;
  readonly from: number;
  readonly to: number;
}

/** So many of the last sets may be tested again. */
const remembered = 8;

/** All chance is the bench's own, so that nothing else of a simulation depends on it. */
export function simulateCoTests(setting: Setting, rollouts: readonly RolloutTruth[]): Bench {
  const { coTests: plan } = setting.scenario;
  const random = setting.random.fork("co-tests");
  const reporter = new Reporter(
    random.fork("reports"),
    setting.scenario,
    setting.end,
    "test-bench",
  );
  const stays = rollouts.map(stayOf);
  const tests: CoTestTruth[] = [];
  for (const at of poissonInstants(setting, random, plan.perDay)) {
    const isAgain = random.chance(plan.againShare);
    const before = isAgain ? tests.slice(-remembered) : [];
    const updates =
      before.length > 0 ? random.pick(before).updates : drawSet(random, plan, stays, at);
    if (updates.length === 0) continue;
    const isEverywhere = random.chance(plan.everywhereShare);
    const cluster = isEverywhere ? null : setting.plan.cluster;
    const environment = random.pick(plan.environments);
    const hasPassed = random.chance(plan.passShare);
    const fact = reporter.say(hasPassed ? "CoTestPassed" : "CoTestFailed", at, {
      coTest: `${setting.plan.cluster}-t${tests.length + 1}`,
      ...(cluster === null ? {} : { cluster }),
      updates: updates.map((each) => ({ ...each })),
      ...(environment === "" ? {} : { environment }),
    });
    tests.push({ id: fact.id, at, cluster, environment, updates, hasPassed });
  }
  return { tests, facts: reporter.facts };
}

function stayOf({ acts, updates }: RolloutTruth): Stay {
  const of = (isIt: (type: (typeof acts)[number]["type"]) => boolean) =>
    acts.filter(({ type }) => isIt(type)).map(({ at }) => at);
  return {
    updates: updates.map(({ component, version }) => ({ component, version })),
    from: Math.min(...of((type) => type === "RolloutSubmitted")),
    to: Math.min(...of(isEnd)),
  };
}

/** The updates of two or three rollouts; of one, if no more are waiting or in flight. */
function drawSet(
  random: Random,
  { strangerShare, olderShare }: Setting["scenario"]["coTests"],
  stays: readonly Stay[],
  at: number,
): Updates {
  if (random.chance(strangerShare)) return [stranger(random, "driver"), stranger(random, "kernel")];
  const live = stays.filter(({ from, to }) => from <= at && at < to);
  // A bench installs one version of a component.
  const versions = Map.groupBy(
    live.flatMap(({ updates }) => updates),
    ({ component }) => component,
  );
  const set = random
    .sample([...versions.values()], random.between(2, 3))
    .map((each) => random.pick(each));
  if (set.length === 0 || !random.chance(olderShare)) return set;
  const replaced = random.pick(set);
  const older = stays
    .filter(({ from }) => from < at)
    .flatMap(({ updates }) => updates)
    .filter(({ component }) => component === replaced.component);
  const instead = random.pick([stranger(random, replaced.component), ...older]);
  return set.map((each) => (each === replaced ? instead : each));
}

/** Of no rollout. */
function stranger(random: Random, component: string): Updates[number] {
  return { component, version: `0.${random.between(1, 3)}` };
}
