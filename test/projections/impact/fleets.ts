/** A fleet of four nodes in two racks, with rollouts, faults and maintenance by the hour. */
import { confoundersOf } from "../../../projections/impact/confounders.ts";
import { evidenceOf } from "../../../projections/impact/evidence.ts";
import { familiesAt } from "../../../projections/impact/families.ts";
import { Fleet, rolloutsOf } from "../../../projections/impact/fleet.ts";
import { impactOf } from "../../../projections/impact/impact.ts";
import { standingOf } from "../../../projections/impact/treatment.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { History, hour, hourMs } from "../history.ts";

const policy = {
  coTest: "none",
  overrideRoles: ["approver"],
  overrideMaxMs: 24 * hourMs,
  fastPath: true,
  fastPathPasses: 1,
  fastPathNodeDays: 0,
  imminentMs: 0,
  maintenanceMaxMs: 24 * hourMs,
  impactWindowMs: 10 * hourMs,
  maxBundle: 4,
} as const satisfies Omit<DataOf<"RolloutPolicySet">, "cluster">;

/** Four nodes in two racks, from hour 0, and windows of ten hours. */
export class Fleets extends History {
  constructor(terms: Partial<Omit<DataOf<"RolloutPolicySet">, "cluster">> = {}) {
    super();
    this.add("RolloutPolicySet", 0, { ...policy, ...terms });
    for (const node of ["n1", "n2", "n3", "n4"])
      this.add("NodeCommissioned", 0, { node, rack: node < "n3" ? "r1" : "r2" });
  }

  submitted(rollout: string, hours: number, more: Partial<DataOf<"RolloutSubmitted">> = {}): void {
    this.add("RolloutSubmitted", hours, {
      rollout,
      targets: { racks: ["r1"] },
      updates: [{ component: "driver", version: "1" }],
      impact: { kind: "impactless" },
      urgency: "routine",
      ...more,
    });
  }

  /** Submitted, started and completed, with everything reported. */
  ran(
    rollout: string,
    from: number,
    to: number,
    more: Partial<DataOf<"RolloutSubmitted">> = {},
  ): void {
    this.submitted(rollout, from - 0.5, more);
    this.add("RolloutStarted", from, { rollout });
    this.add("RolloutCompleted", to, { rollout });
  }

  fault(node: string, from: number, to: number): string {
    const faultId = `${node}-${from}`;
    const id = this.add("NodeFailed", from, { node, faultId, category: "hardware" });
    this.add("NodeReturned", to, { node, faultIds: [faultId] });
    return id;
  }

  maintenance(node: string, from: number, to: number | null, rolloutId: string, id?: string) {
    const maintenanceId = id ?? `${node}-${rolloutId}`;
    this.add("NodeMaintenanceStarted", from, { node, maintenanceId, rolloutId });
    if (to !== null) this.add("NodeMaintenanceEnded", to, { node, maintenanceId });
  }

  impact(rollout: string, hours: number, P = this.events.length) {
    const view = this.view(P);
    const at = hour(hours);
    const fleet = new Fleet(view, { at, factsBefore: at });
    const timeline = view.entity("rollout", rollout);
    if (timeline === null) throw new Error(`no rollout ${rollout}`);
    const { impactWindowMs } = rolloutPolicyAt(view.rolloutPolicies, at - 1);
    const impact = impactOf(fleet, standingOf(timeline, fleet), impactWindowMs);
    const evidence = evidenceOf(fleet, impact, (job) => view.facts("job", job));
    return { impact, evidence, confounders: confoundersOf(fleet, impact, rolloutsOf(view)) };
  }

  /** The families by the facts before the hour. */
  families(hours: number) {
    const view = this.view();
    const at = hour(hours);
    const terms = rolloutPolicyAt(view.rolloutPolicies, at - 1);
    return familiesAt(new Fleet(view, { at, factsBefore: at }), rolloutsOf(view), terms);
  }

  family(hours: number) {
    const [family] = this.families(hours);
    if (family === undefined) throw new Error("no family is known");
    return family;
  }
}
