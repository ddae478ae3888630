/** What a start or a resume has to pass beside no-fly zones. */
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import type { World } from "./world.ts";

/** The rollout that asks. */
interface GateQuestion {
  readonly rollout: string;
  readonly world: World;
  readonly status: RolloutStatus;
}

/** A rollout that the asking one would meet untested on its nodes. */
export interface Pair {
  readonly rollout: string;
  readonly status: "conflict" | "failed" | "never";
}

export interface Gates {
  /** Whether the rollout has the fast path. */
  readonly hasFastPath: (asked: GateQuestion) => boolean;
  /** The rollouts that hold its start because they were not tested with it, by rollout. */
  readonly untested: (asked: GateQuestion) => readonly Pair[];
}

/** Without measured impact and co-tests nothing has the fast path, and nothing is held for a test. */
export const noGates: Gates = { hasFastPath: () => false, untested: () => [] };
