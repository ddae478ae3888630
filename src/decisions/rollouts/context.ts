/** What a decision about one rollout is based on. */
import type { Held } from "../../../projections/rollouts/cover.ts";
import { heldBy } from "../../../projections/rollouts/cover.ts";
import type { KnownNfz } from "../../../projections/nfz/in-force.ts";
import type { Places } from "../../../projections/nodes/places.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import type { Caller } from "../command/asked.ts";
import type { World } from "../command/world.ts";

export interface RolloutContext {
  readonly rollout: string;
  readonly world: World;
  /** After all of its own facts. */
  readonly status: RolloutStatus;
  readonly caller: Caller;
}

function targetsOf({ status, world }: Pick<RolloutContext, "status" | "world">): Places {
  return world.places.of(status.submission?.data.targets);
}

/** The NFZs that affect the rollout, in force or not, by name. */
export function matchingOf(context: Pick<RolloutContext, "status" | "world">): readonly KnownNfz[] {
  return context.world.matching.matching(targetsOf(context));
}

/** The NFZs in force that hold the rollout, and those that something covers. */
export function heldNow(
  context: Pick<RolloutContext, "status" | "world">,
  hasFastPath: boolean,
): Held {
  const { status, world } = context;
  return heldBy(status, world.matching.inForceOver(targetsOf(context)), world.at, hasFastPath);
}
