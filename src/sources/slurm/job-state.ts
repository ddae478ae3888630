/** How the states of Slurm's jobs end a run, and for what cause. */
import type { SourceOf } from "../config/sources-file.ts";
import type { Surroundings } from "../reconcile/task.ts";
import { namesIn } from "./hostlists.ts";

export interface JobEnd {
  readonly outcome: "completed" | "failed" | "cancelled";
  readonly why: "software" | "fault" | "preempted" | "unknown" | null;
}

const ends: ReadonlyMap<string, JobEnd> = new Map([
  ["COMPLETED", { outcome: "completed", why: null }],
  ["CANCELLED", { outcome: "cancelled", why: null }],
  ["TIMEOUT", { outcome: "cancelled", why: null }],
  ["DEADLINE", { outcome: "cancelled", why: null }],
  ["REVOKED", { outcome: "cancelled", why: null }],
  ["FAILED", { outcome: "failed", why: "software" }],
  ["OUT_OF_MEMORY", { outcome: "failed", why: "software" }],
  ["NODE_FAIL", { outcome: "failed", why: "fault" }],
  ["BOOT_FAIL", { outcome: "failed", why: "fault" }],
  ["PREEMPTED", { outcome: "failed", why: "preempted" }],
] as const);

const goingOn = new Set(["RUNNING", "SUSPENDED", "COMPLETING"]);

/** The end that a state stands for, such as `CANCELLED by 1002`; `null` while the run goes on. */
export function endOfState(text: string): JobEnd | null {
  const state = text.split(/[\s+]/)[0]?.toUpperCase() ?? "";
  if (goingOn.has(state)) return null;
  return ends.get(state) ?? { outcome: "failed", why: "unknown" };
}

interface EndedRun {
  readonly cluster: string;
  readonly nodes: readonly string[];
  readonly to: number;
}

/** How far from a job's end the fault may begin that ended it: monitors see either first. */
const faultToleranceMs = 5 * 60_000;

/** The cause of an end; of a failed node with the fault, if there is exactly one node that it can be. */
export function causeOf(
  source: SourceOf<"slurm-jobs">,
  { why }: JobEnd,
  { cluster, nodes, to }: EndedRun,
  ledger: Surroundings,
): object | null {
  if (why === null) return null;
  if (why === "preempted") return { kind: source.preempted };
  if (why !== "fault") return { kind: why };
  const [from, until] = [to - faultToleranceMs, to + faultToleranceMs];
  const found = [...namesIn(nodes)].flatMap((node) => {
    const faults = ledger.faultsOf(cluster, node, from, until);
    const nearest = faults.toSorted((a, b) => Math.abs(a.from - to) - Math.abs(b.from - to))[0];
    return nearest === undefined ? [] : [{ kind: "fault", faultId: nearest.faultId, node }];
  });
  return found.length === 1 && found[0] !== undefined ? found[0] : { kind: "fault" };
}
