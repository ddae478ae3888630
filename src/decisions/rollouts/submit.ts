/** Submitting a rollout: what a submission must and must not contain. */
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { InputError } from "../../errors.ts";
import { type Outcome, append, draft, refused } from "../command/drafts.ts";
import { reservedWords } from "../command/reserved-words.ts";
import type { World } from "../command/world.ts";

export type SubmitBody = DataOf<"RolloutSubmitted">;

/** What is wrong with the form of a submission, besides what its schema checks; empty if nothing is. */
export function submissionErrors({ rollout, targets, updates }: SubmitBody): InputError[] {
  const errors: InputError[] = [];
  if (reservedWords.has(rollout)) {
    const message = `must not be ${rollout}, which is a word of the interface's own addresses`;
    errors.push({ path: "/rollout", message });
  }
  for (const [kind, list] of Object.entries(targets ?? {})) {
    if (Array.isArray(list) && list.length === 0) {
      const message = "must name something; leave it out for the whole cluster";
      errors.push({ path: `/targets/${kind}`, message });
    }
  }
  if (updates.length === 0)
    errors.push({ path: "/updates", message: "must name at least one update" });
  const first = new Map<string, number>();
  for (const [i, { component }] of updates.entries()) {
    const before = first.get(component);
    if (before === undefined) first.set(component, i);
    else {
      const message = `names a component that /updates/${before} names too: ${component}`;
      errors.push({ path: `/updates/${i}/component`, message });
    }
  }
  return errors;
}

/** `ownFacts` are those about a rollout of the id, in whatever cluster. */
export function decideSubmit(world: World, ownFacts: readonly Fact[], body: SubmitBody): Outcome {
  const { rollout, deadline, targets } = body;
  if (ownFacts.some(({ type }) => type === "RolloutSubmitted"))
    return refused("rollout-exists", `${rollout} was submitted before`);
  if (deadline !== undefined && instantMs(deadline) <= world.at) {
    const detail = `the deadline, ${deadline}, is not after ${formatInstant(world.at)}`;
    return refused("rollout-refused", detail, { because: "deadline-over" });
  }
  if (targets !== undefined) {
    const places = world.places.of(targets);
    const { nodes } = world.members();
    const hasMember = places === null || [...places].some((node) => nodes.has(node));
    if (!hasMember) {
      const detail = `no node of ${world.cluster} is in the targets of ${rollout}`;
      return refused("rollout-refused", detail, { because: "no-target" });
    }
  }
  return append(draft("RolloutSubmitted", body));
}
