/** What a release plan is made from, by plain lists of facts: the queue with its costs, the fleet, and when zones let go. */
import type { Item, Node } from "../co-tests/reference.ts";
import { Judge } from "../co-tests/reference.ts";
import type { OracleFact } from "../facts/oracle-event.ts";
import { compareFacts, compareText, groupBy, milliseconds } from "../facts/oracle-event.ts";
import { contains } from "../facts/period.ts";
import { jobRuns } from "../figures/jobs.ts";
import { nodesOf, stateAt } from "../figures/node-states.ts";
import { Companions } from "../gate/companions.ts";
import type { OracleRollout } from "../gate/rollouts.ts";
import { isQueued } from "../gate/rollouts.ts";
import { Holds } from "../holds/holds.ts";
import { costMs, familiesOf } from "../impact/families.ts";
import { OracleFleet } from "../impact/impact.ts";

const urgencies = ["emergency", "security", "important", "routine"];

function queueOrder(a: OracleRollout, b: OracleRollout): number {
  const [one, two] = [a, b].map(({ submission }) => ({
    urgency: urgencies.indexOf(submission?.data.urgency ?? ""),
    deadline: submission?.data.deadline,
    at: submission?.at ?? 0,
  })) as [Placed, Placed];
  const deadline = ({ deadline: text }: Placed) =>
    text === undefined ? Number.MAX_SAFE_INTEGER : milliseconds(text);
  return (
    one.urgency - two.urgency ||
    deadline(one) - deadline(two) ||
    one.at - two.at ||
    compareText(a.rollout, b.rollout)
  );
}

interface Placed {
  readonly urgency: number;
  readonly deadline: string | undefined;
  readonly at: number;
}

/** By the facts of the ledger that are seen at an instant. */
export class PlanGround {
  readonly queue: readonly Item[];
  readonly judge: Judge;
  readonly members: number;
  readonly inService: readonly Node[];
  /** `null` if no policy is set. */
  readonly nisTarget: number | null;
  readonly hasUnsubmitted: boolean;
  readonly #holds: Holds;
  readonly #rollouts: readonly OracleRollout[];

  constructor(facts: readonly OracleFact[], cluster: string, at: number) {
    const own = facts.filter(({ data }) => data.cluster === cluster);
    const companions = new Companions(facts, cluster, at);
    this.#holds = new Holds(facts, cluster, at);
    const { policy } = companions;
    const families = familiesOf(new OracleFleet(own, at), policy);
    this.#rollouts = companions.rollouts.filter(isQueued).sort(queueOrder);
    this.hasUnsubmitted = this.#rollouts.some(({ submission }) => submission === null);
    this.queue = this.#rollouts.map((rollout) => ({
      name: rollout.rollout,
      updates: textOf(rollout.submission?.data.updates),
      nodes: companions.nodesOf(rollout),
      costMs: costMs(rollout, families),
    }));
    const results = facts
      .filter(({ type }) => type.startsWith("CoTest"))
      .filter(({ data }) => data.cluster === undefined || data.cluster === cluster)
      .map(({ id, type, at: ended, data }) => ({
        id,
        at: ended,
        environment: data.environment ?? "",
        hasPassed: type === "CoTestPassed",
        updates: textOf(data.updates),
      }));
    this.judge = new Judge(results, at, policy.coTestEnvironments, policy.coTestValidDays);
    this.members = companions.members.length;
    this.inService = inServiceBy(own, companions, at);
    const policies = own.filter(({ type }) => type === "SlaPolicySet").sort(compareFacts);
    this.nisTarget = policies.at(-1)?.data.nisTarget ?? null;
  }

  /** The first instant at which no zone that matches any of the rollouts is in force. */
  notBefore(names: readonly string[], at: number): number {
    const starts = names.map((name) => {
      const rollout = this.#rollouts.find((each) => each.rollout === name);
      return rollout === undefined ? at : this.#holds.nextStart(rollout);
    });
    return Math.max(at, ...starts);
  }
}

function textOf(updates: readonly { component: string; version: string }[] = []) {
  return new Set(updates.map(({ component, version }) => `${component}=${version}`));
}

function inServiceBy(own: readonly OracleFact[], companions: Companions, at: number): Node[] {
  const ofJobs = own.filter(({ type }) => type.startsWith("Job"));
  const jobs = [...groupBy(ofJobs, ({ data }) => data.job ?? "")].flatMap(([job, facts]) => {
    const stretches = jobRuns(job, facts).runs.flatMap((run) => run.stretches);
    const now = stretches.find((each) => each.state === "running" && contains(each, at));
    return now === undefined ? [] : [{ job, nodes: now.nodes }];
  });
  const up = nodesOf(own).filter((node) => stateAt(node, at) === "in service");
  return up.map(({ node }) => ({
    node,
    rack: companions.members.find((each) => each.node === node)?.rack ?? "",
    jobs: jobs.filter(({ nodes }) => nodes.has(node)).map(({ job }) => job),
  }));
}
