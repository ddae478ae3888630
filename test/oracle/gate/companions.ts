/**
 * What the text of the policy says of results of co-tests, pairs and the gate, by plain lists of facts: every question is
 * answered from the start. It shares no code with the product.
 */
import type { OracleData, OracleFact, OracleUpdate } from "../facts/oracle-event.ts";
import { compareFacts } from "../facts/oracle-event.ts";
import type { OracleMember, OracleRollout } from "./rollouts.ts";
import { isInFlight, isQueued, membersBy, rolloutsBy, targetsOf } from "./rollouts.ts";

export type Status = "passed" | "failed" | "never" | "conflict";
type Updates = ReadonlySet<string>;

const dayMs = 86_400_000;
const textOf = ({ component, version }: OracleUpdate) => JSON.stringify([component, version]);
const componentOf = (update: string) => (JSON.parse(update) as string[])[0] ?? "";
const setOf = (updates: readonly OracleUpdate[] = []): Updates => new Set(updates.map(textOf));
const isWithin = (a: Updates, b: Updates) => [...a].every((each) => b.has(each));
const isSame = (a: Updates, b: Updates) => isWithin(a, b) && isWithin(b, a);
const unionOf = (...sets: Updates[]): Updates => new Set(sets.flatMap((set) => [...set]));
const isConflict = (a: Updates, b: Updates) =>
  [...a].some((one) => [...b].some((two) => one !== two && componentOf(one) === componentOf(two)));

/** The policy of rollouts that the facts leave; its fields are those of the defaults if there is none. */
export function policyBy(facts: readonly OracleFact[]): OracleData {
  const set = facts.filter(({ type }) => type === "RolloutPolicySet").sort(compareFacts);
  return (
    set.at(-1)?.data ?? {
      coTest: "none",
      overrideRoles: ["approver"],
      overrideMaxMs: dayMs,
      fastPath: false,
      fastPathPasses: 1,
      fastPathNodeDays: 100,
      imminentMs: 3_600_000,
      maintenanceMaxMs: dayMs,
      impactWindowMs: 7 * dayMs,
      maxBundle: 4,
    }
  );
}

/** What a cluster's facts say at an instant. */
export class Companions {
  readonly rollouts: readonly OracleRollout[];
  readonly members: readonly OracleMember[];
  readonly policy: OracleData;
  readonly #at: number;
  readonly #last: readonly OracleFact[];

  /** `facts` of the whole ledger are those to be seen; the cluster's are used, and co-tests that name no cluster. */
  constructor(facts: readonly OracleFact[], cluster: string, at: number) {
    const own = facts.filter(({ data }) => data.cluster === cluster);
    this.#at = at;
    this.rollouts = rolloutsBy(own);
    this.members = membersBy(own);
    this.policy = policyBy(own);
    const counted = this.policy.coTestEnvironments;
    const results = facts
      .filter(({ type }) => type.startsWith("CoTest"))
      .filter(({ data }) => data.cluster === undefined || data.cluster === cluster)
      .filter(({ data }) => setOf(data.updates).size > 0)
      .filter(({ data }) => counted === undefined || counted.includes(data.environment ?? ""))
      .sort(compareFacts);
    this.#last = results.filter(
      (one, index) => !results.slice(index + 1).some((later) => this.#isSameTest(one, later)),
    );
  }

  #isSameTest(a: OracleFact, b: OracleFact): boolean {
    return (
      (a.data.environment ?? "") === (b.data.environment ?? "") &&
      isSame(setOf(a.data.updates), setOf(b.data.updates))
    );
  }

  #isFailed(updates: Updates): boolean {
    return this.#last.some((failure) => {
      const set = setOf(failure.data.updates);
      if (failure.type !== "CoTestFailed" || !isWithin(set, updates)) return false;
      return !this.#last.some(
        (pass) =>
          pass.type === "CoTestPassed" &&
          (pass.data.environment ?? "") === (failure.data.environment ?? "") &&
          isWithin(set, setOf(pass.data.updates)) &&
          !isSame(set, setOf(pass.data.updates)) &&
          compareFacts(pass, failure) > 0,
      );
    });
  }

  #isPassed(updates: Updates): boolean {
    const days = this.policy.coTestValidDays;
    // Days are decimals: whole microseconds are enough, and do away with what binary fractions leave.
    const validMs = days === undefined ? Infinity : Math.round(days * dayMs * 1_000) / 1_000;
    return this.#last.some(
      ({ type, at, data }) =>
        type === "CoTestPassed" &&
        this.#at - at < validMs &&
        isWithin(updates, setOf(data.updates)),
    );
  }

  statusOf(updates: Updates): Status {
    if (this.#isFailed(updates)) return "failed";
    return this.#isPassed(updates) ? "passed" : "never";
  }

  updatesOf({ submission }: OracleRollout): Updates {
    return setOf(submission?.data.updates);
  }

  /** `null` if the two are no pair. */
  pairOf(a: Updates, b: Updates): Status | null {
    if (isConflict(a, b)) return "conflict";
    if (isWithin(a, b) || isWithin(b, a)) return null;
    return this.statusOf(unionOf(a, b));
  }

  /** Two rollouts of the whole cluster share a node even if it has none: the cluster stands for one. */
  nodesOf(rollout: OracleRollout): ReadonlySet<string> {
    const whole = ["the whole cluster", ...this.members.map(({ node }) => node)];
    return targetsOf(rollout, this.members) ?? new Set(whole);
  }

  doShareNodes(a: OracleRollout, b: OracleRollout): boolean {
    return [...this.nodesOf(a)].some((node) => this.nodesOf(b).has(node));
  }

  /** Pairs of the queue, each with its names in order. */
  pairs(): { rollouts: string[]; status: Status }[] {
    const queue = this.rollouts.filter(isQueued);
    return queue.flatMap((a, index) =>
      queue.slice(index + 1).flatMap((b) => {
        const status = this.pairOf(this.updatesOf(a), this.updatesOf(b));
        if (status === null || !this.doShareNodes(a, b)) return [];
        return [{ rollouts: [a.rollout, b.rollout], status }];
      }),
    );
  }

  /** The companions of a rollout that wants to start, with the updates of each that count. */
  #companionsOf(asking: OracleRollout): { rollout: OracleRollout; updates: Updates }[] {
    const own = this.updatesOf(asking);
    const replaced = new Set([...own].map(componentOf));
    const since = asking.submission?.at ?? Infinity;
    return this.rollouts
      .filter((each) => each !== asking && this.doShareNodes(each, asking))
      .filter(
        (each) => isInFlight(each) || (each.completedAt !== null && each.completedAt >= since),
      )
      .map((rollout) => {
        const all = [...this.updatesOf(rollout)];
        const left = all.filter((each) => !replaced.has(componentOf(each)));
        return { rollout, updates: new Set(rollout.completedAt === null ? all : left) };
      });
  }

  /** The pairs that hold a start, by rollout. */
  heldBy(asking: OracleRollout): { rollout: string; status: Status }[] {
    if (this.policy.coTest === "none") return [];
    const own = this.updatesOf(asking);
    const companions = this.#companionsOf(asking);
    const failed = new Set(
      [...this.nodesOf(asking)].flatMap((node) => {
        const there = companions.filter(({ rollout }) => this.nodesOf(rollout).has(node));
        const union = unionOf(own, ...there.map(({ updates }) => updates));
        return there.length > 0 && this.#isFailed(union) ? there : [];
      }),
    );
    return companions.flatMap((companion) => {
      const { rollout } = companion.rollout;
      const pair = this.pairOf(own, companion.updates);
      const status = pair !== "conflict" && failed.has(companion) ? "failed" : pair;
      return status === null || status === "passed" ? [] : [{ rollout, status }];
    });
  }
}
