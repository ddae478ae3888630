/** The kinds of entities: a new one is a folder, and a line in each of the two tables here. */
import { rolloutKind } from "./rollouts/kind.ts";
import type { EntityKind } from "./facts/entity-kind.ts";
import { jobKind } from "./jobs/kind.ts";
import { nfzKind } from "./nfz/kind.ts";
import type { NodeTimeline } from "./nodes/timeline.ts";
import { nodeKind } from "./nodes/kind.ts";
import type { NfzTimeline } from "./nfz/timeline.ts";
import type { RolloutTimeline } from "./rollouts/timeline.ts";
import type { JobTimeline } from "./jobs/timeline.ts";

/** What the facts of an entity of each kind come to. */
export interface TimelineOf {
  readonly node: NodeTimeline;
  readonly job: JobTimeline;
  readonly rollout: RolloutTimeline;
  readonly nfz: NfzTimeline;
}

export type KindName = keyof TimelineOf;

export const kindNames: readonly KindName[] = ["node", "job", "rollout", "nfz"];

/** States are passed from one function of a kind to the next, and looked into by no one else. */
export const kinds: { readonly [K in KindName]: EntityKind<unknown, TimelineOf[K]> } = {
  node: nodeKind,
  job: jobKind,
  rollout: rolloutKind,
  nfz: nfzKind,
};
