/**
 * What the text of the policy says of nodes that are held, of overdue maintenance, and of what could be applied to a node
 * that is down anyway, by plain lists of facts. It shares no code with the product.
 */
import type { OracleFact } from "../facts/oracle-event.ts";
import { compareText, milliseconds } from "../facts/oracle-event.ts";
import { expandNodes } from "../facts/hostlist.ts";
import { contains } from "../facts/period.ts";
import { OPEN } from "../figures/memberships.ts";
import type { OracleNode } from "../figures/node-states.ts";
import { nodesOf } from "../figures/node-states.ts";
import { Companions } from "../gate/companions.ts";
import type { OracleRollout } from "../gate/rollouts.ts";
import { isQueued, targetsOf } from "../gate/rollouts.ts";
import { costMs, familiesOf, isOnFastPath } from "../impact/families.ts";
import { OracleFleet } from "../impact/impact.ts";

export interface OracleHold {
  readonly reasons: readonly string[];
  readonly until: number | null;
}

const isOpen = ({ to }: { readonly to: number }): boolean => to === OPEN;

function isInForce({ data }: OracleFact, at: number): boolean {
  return (data.occurrences ?? []).some(({ from, to }) =>
    contains({ from: milliseconds(from), to: milliseconds(to) }, at),
  );
}

/** By the facts of the ledger that are seen at an instant, about one cluster. */
export class Holds {
  readonly companions: Companions;
  readonly #at: number;
  readonly #own: readonly OracleFact[];
  readonly #nodes: readonly OracleNode[];

  constructor(facts: readonly OracleFact[], cluster: string, at: number) {
    this.#at = at;
    this.#own = facts.filter(({ data }) => data.cluster === cluster);
    this.companions = new Companions(facts, cluster, at);
    this.#nodes = nodesOf(this.#own);
  }

  get nodes(): string[] {
    return this.#nodes.map(({ node }) => node).sort(compareText);
  }

  #node(node: string): OracleNode | undefined {
    return this.#nodes.find((each) => each.node === node);
  }

  /** The latest announcement of each maintenance of a node, by its id. */
  #plans(node: string): Map<string, { from: number; to: number }> {
    const announced = this.#own
      .filter(({ type, data }) => type === "NodeMaintenanceAnnounced" && data.node === node)
      .sort((a, b) => a.recordedAt - b.recordedAt || compareText(a.id, b.id));
    return new Map(
      announced.map(({ data: { maintenanceId = "", plannedFrom, plannedTo } }) => [
        maintenanceId,
        { from: milliseconds(plannedFrom), to: milliseconds(plannedTo) },
      ]),
    );
  }

  #openStretches(node: string) {
    const stretches = this.#node(node)?.stretches ?? [];
    return stretches.filter((each) => each.kind === "maintenance" && isOpen(each));
  }

  /** The planned ends of the maintenance under which a node is. */
  #openEnds(node: string): number[] {
    const plans = this.#plans(node);
    return this.#openStretches(node).flatMap(({ maintenanceId }) => {
      const plan = plans.get(maintenanceId ?? "");
      return plan === undefined ? [] : [plan.to];
    });
  }

  schedulable(name: string): OracleHold {
    const node = this.#node(name);
    const imminentMs = this.companions.policy.imminentMs ?? 0;
    const begun = this.#own
      .filter(({ type, data }) => type === "NodeMaintenanceStarted" && data.node === name)
      .map(({ data }) => data.maintenanceId);
    const imminent = [...this.#plans(name)].filter(
      ([id, { from, to }]) => !begun.includes(id) && from - imminentMs <= this.#at && this.#at < to,
    );
    const isLost = node?.stretches.some((each) => each.kind === "unknown" && isOpen(each));
    const reasons = [
      node?.memberships.some(isOpen) === true ? [] : ["not-a-member"],
      node?.faults.some(isOpen) === true ? ["down"] : [],
      this.#openStretches(name).length > 0 ? ["under-maintenance"] : [],
      isLost === true ? ["unobserved"] : [],
      imminent.length > 0 ? ["maintenance-imminent"] : [],
    ].flat();
    const ends = [...this.#openEnds(name), ...imminent.map(([, { to }]) => to)];
    return { reasons, until: ends.length === 0 ? null : Math.max(...ends) };
  }

  /** `node maintenance`, of what should be over. */
  overdue(): string[] {
    const max = this.companions.policy.maintenanceMaxMs ?? 0;
    return this.#nodes.flatMap(({ node }) => {
      const plans = this.#plans(node);
      return this.#openStretches(node).flatMap(({ maintenanceId, from }) => {
        const due = plans.get(maintenanceId ?? "")?.to ?? from + max;
        return this.#at > due ? [`${node} ${maintenanceId} ${due}`] : [];
      });
    });
  }

  /** The zones that match a rollout, in force or not. */
  #matching(rollout: OracleRollout): OracleFact[] {
    const { members } = this.companions;
    const targets = targetsOf(rollout, members);
    return this.#own.filter((fact) => {
      const { data } = fact;
      if (fact.type !== "NfzDeclared" || this.#first(data.nfz) !== fact) return false;
      const { racks, nodes } = data.scope ?? {};
      const inRacks = members.filter(({ rack }) => rack !== null && racks?.includes(rack) === true);
      const scope = nodes === undefined ? inRacks.map(({ node }) => node) : [...expandNodes(nodes)];
      return (
        data.scope === undefined ||
        targets === null ||
        targets.size === 0 ||
        scope.some((node) => targets.has(node))
      );
    });
  }

  /** The zones in force that match the rollout: those that hold it, and those that only the fast path covers. By name. */
  zones(rollout: OracleRollout, isFast: boolean): { held: string[]; covered: string[] } {
    const inForce = this.#matching(rollout).filter((zone) => isInForce(zone, this.#at));
    const isCovered = ({ data }: OracleFact) => isFast && data.noFastPath !== true;
    const namesOf = (zones: readonly OracleFact[]) =>
      zones.map(({ data }) => data.nfz ?? "").sort();
    return {
      held: namesOf(inForce.filter((zone) => !isCovered(zone))),
      covered: namesOf(inForce.filter(isCovered)),
    };
  }

  /** The first instant from now on at which no zone that matches the rollout is in force. */
  nextStart(rollout: OracleRollout): number {
    const zones = this.#matching(rollout);
    const ends = zones.flatMap(({ data }) =>
      (data.occurrences ?? []).map(({ to }) => milliseconds(to)),
    );
    const instants = [this.#at, ...ends.filter((end) => end > this.#at)].sort((a, b) => a - b);
    const free = instants.find((at) => !zones.some((zone) => isInForce(zone, at)));
    if (free === undefined) throw new Error("every zone ends");
    return free;
  }

  /** What becomes of a rollout that asks: the zones that hold it, else, for a start, the companions, else how it goes on. */
  asks(rollout: OracleRollout, name: "start" | "resume") {
    const { companions } = this;
    const families = familiesOf(new OracleFleet(this.#own, this.#at), companions.policy);
    const isFast = isOnFastPath(rollout, families, companions.policy);
    const { held, covered } = this.zones(rollout, isFast);
    if (held.length > 0) return { code: "nfz-in-force", nfzs: held };
    const pairs = companions.heldBy(rollout);
    if (name === "start" && pairs.length > 0) return { code: "needs-co-test", pairs };
    return { code: "started", fastPath: isFast ? covered : null };
  }

  #first(nfz: string | undefined): OracleFact | undefined {
    return this.#own.find(({ type, data }) => type === "NfzDeclared" && data.nfz === nfz);
  }

  /** What waits for a node, in the given order, with what stands against it. */
  pending(node: string, isInService: boolean, order: readonly string[]) {
    const { companions } = this;
    const fleet = new OracleFleet(this.#own, this.#at);
    const families = familiesOf(fleet, companions.policy);
    const ends = this.#openEnds(node);
    const remainingMs = ends.length === 0 ? null : Math.max(0, Math.max(...ends) - this.#at);
    const waiting = companions.rollouts
      .filter(isQueued)
      .filter((each) => companions.nodesOf(each).has(node))
      .sort((a, b) => order.indexOf(a.rollout) - order.indexOf(b.rollout));
    const before: OracleRollout[] = [];
    let sum = 0;
    const pending = waiting.map((rollout) => {
      const expectedMs = costMs(rollout, families);
      const isFast = isOnFastPath(rollout, families, companions.policy);
      const reasons = [
        isInService ? ["in-service"] : [],
        this.zones(rollout, isFast).held.length > 0 ? ["nfz"] : [],
        this.#isUntested(rollout, before) ? ["co-test"] : [],
        remainingMs !== null && sum + expectedMs > remainingMs ? ["time"] : [],
      ].flat();
      if (reasons.length === 0) {
        before.push(rollout);
        sum += expectedMs;
      }
      return { rollout: rollout.rollout, applicable: reasons.length === 0, reasons, expectedMs };
    });
    return { remainingMs, pending };
  }

  #isUntested(rollout: OracleRollout, before: readonly OracleRollout[]): boolean {
    const { companions } = this;
    if (companions.heldBy(rollout).length > 0) return true;
    if (before.length === 0) return false;
    const own = companions.updatesOf(rollout);
    const sets = before.map((each) => companions.updatesOf(each));
    const isConflict = sets.some((set) => companions.pairOf(own, set) === "conflict");
    const union = new Set([...own, ...sets.flatMap((set) => [...set])]);
    return isConflict || companions.statusOf(union) !== "passed";
  }
}
