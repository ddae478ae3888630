/** What a start or resume must pass besides no-fly zones. */
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import type { World } from "./world.ts";

/** The rollout that wants to start or resume. */
export interface GateQuestion {
  readonly rollout: string;
  readonly world: World;
  readonly status: RolloutStatus;
}

/** Another rollout on the same nodes with which this one has not been tested. */
export interface Pair {
  readonly rollout: string;
  readonly status: "conflict" | "failed" | "never";
}

export interface Gates {
  /** Whether the rollout is on the fast path. */
  readonly hasFastPath: (asked: GateQuestion) => boolean;
  /** The rollouts that hold its start because they were not tested together with it. */
  readonly untested: (asked: GateQuestion) => readonly Pair[];
}
