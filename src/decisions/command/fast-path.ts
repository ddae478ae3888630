/** Whether a rollout that asks to start or resume is on the fast path: impactless by its word and by what its families did. */
import { familiesAt, haveFastPath } from "../../../projections/impact/families.ts";
import { Fleet, rolloutsOf } from "../../../projections/impact/fleet.ts";
import { familiesOf } from "../../../projections/rollouts/declared.ts";
import type { GateQuestion } from "./gates.ts";
import type { World } from "./world.ts";

/** A decision asks several times, and each time for the same rollout. */
const judged = new WeakMap<World, Map<string, boolean>>();

/** Judged at the instant of the decision, by the facts up to it. */
export function hasFastPath(asked: GateQuestion): boolean {
  const { rollout, world } = asked;
  const known = judged.get(world) ?? new Map<string, boolean>();
  judged.set(world, known);
  const made = known.get(rollout) ?? judge(asked);
  known.set(rollout, made);
  return made;
}

function judge({ world, status }: GateQuestion): boolean {
  const { policy, view, at } = world;
  const submission = status.submission?.data;
  if (!policy.fastPath || submission?.impact.kind !== "impactless") return false;
  const rollouts = rolloutsOf(view);
  const own = new Set(familiesOf(submission));
  const families = familiesAt(new Fleet(view, { at, factsBefore: at + 1 }), rollouts, policy, own);
  return haveFastPath(families, submission.updates);
}
