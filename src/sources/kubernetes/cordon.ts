/** A node that takes no new pods is under maintenance until it is seen to take them again. */
import { saysNothing } from "../config/rule.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { memberAt } from "../config/template.ts";
import { kinds } from "../reconcile/observation.ts";
import { type Seen, isRecord } from "../reconcile/seen.ts";
import { type NodeObject, instantAt } from "./node-object.ts";

const unschedulable = "node.kubernetes.io/unschedulable";

export function seeCordon(
  source: SourceOf<"kubernetes">,
  seen: Seen,
  { object, path, ...place }: NodeObject,
  nowMs: number,
): void {
  if (source.cordon === "ignore") return;
  const at = { path: `${path}/spec/unschedulable`, ...place, series: "cordon", weight: 1 };
  if (memberAt(object, ["spec", "unschedulable"]) !== true) {
    seen.add({ is: "ended", ...at, ofEveryEntity: false, kinds, at: nowMs, quiet: true });
    return;
  }
  const taints = memberAt(object, ["spec", "taints"]);
  const taint = (Array.isArray(taints) ? taints : []).find(
    (each: unknown) => isRecord(each) && each["key"] === unschedulable,
  );
  const since = instantAt(taint, ["timeAdded"]);
  seen.total++;
  seen.add({
    is: "started",
    ...at,
    kind: source.cordon,
    from: since ?? nowMs,
    to: null,
    says: saysNothing,
    ...(since === null ? { onlyIfOver: true } : {}),
  });
}
