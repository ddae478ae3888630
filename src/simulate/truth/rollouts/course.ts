/** One rollout and what it needs to go its way. */
import type { Desk, Wish } from "./desk.ts";
import type { DataOf, EventType } from "../../../events/catalogue.ts";
import type { ComingFault } from "../nodes/faults.ts";
import type { Trigger } from "../nodes/maintenance.ts";
import type { NodeTruth, RolloutTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import type { Reporter } from "../../setting/reporter.ts";
import { type Setting, snap } from "../../setting/setting.ts";

export interface RolloutCourse {
  readonly setting: Setting;
  readonly random: Random;
  readonly desk: Desk;
  readonly reporter: Reporter;
  /** For the maintenance that it brings. */
  readonly maintenanceReporter: Reporter;
  readonly truth: RolloutTruth;
  readonly who: { readonly rollout: string; readonly cluster: string };
  readonly submission: DataOf<"RolloutSubmitted">;
  readonly nodes: readonly NodeTruth[];
  /** `null`: declared impactless. */
  readonly declaredSeconds: number | null;
  /** What it really takes from a node; 0 for nothing. */
  readonly actualMs: number;
  /** Whether its deploy system goes on although it was told to stop. */
  readonly isDisobedient: boolean;
  readonly breakages: Map<string, ComingFault[]>;
  readonly triggers: Trigger[];
}

/** How a deploy system speaks of what it does: it asks, or it only reports. */
export interface Voice {
  /** Whether the next step may be done; waits until it may. False if there will be none. */
  readonly mayGoOn: () => Generator<Wish, boolean>;
  readonly progress: (nodesDone: number, nodes: readonly string[]) => Generator<Wish, void>;
  readonly end: () => Generator<Wish, void>;
}

/** An instant that the scenario's clock shows, so much later, and not now. */
export function later({ desk, setting }: RolloutCourse, ms: number): Wish {
  const at = snap(setting, desk.now + ms);
  return { at: at > desk.now ? at : at + setting.scenario.tickMs };
}

/** Says what happens now; the ledger hears of it after a while. */
export function report<T extends EventType>(
  course: RolloutCourse,
  type: T,
  more: Omit<DataOf<T>, "rollout" | "cluster">,
  how: { readonly actor?: string; readonly reason?: string } = {},
): void {
  const { desk, reporter, who } = course;
  const fact = reporter.say(type, desk.now, { ...who, ...more } as DataOf<T>, how);
  desk.take(course, fact, null);
}
