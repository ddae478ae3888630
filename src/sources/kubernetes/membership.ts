/** Nodes join and leave the cluster with the API, if the configuration says so: membership is the contract's. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { streamOf } from "../../events/stream.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { textAt } from "../config/template.ts";
import { eventIdOf } from "../reconcile/kind-types.ts";
import type { Seen } from "../reconcile/seen.ts";
import { stateOnce } from "../reconcile/stated-once.ts";
import { type NodeObject, instantAt } from "./node-object.ts";

export function seeMembership(
  source: SourceOf<"kubernetes">,
  seen: Seen,
  { object, path, cluster, node }: NodeObject,
  change: string,
  nowMs: number,
): void {
  const created = instantAt(object, ["metadata", "creationTimestamp"]);
  const deleted = instantAt(object, ["metadata", "deletionTimestamp"]) ?? nowMs;
  const isDeleted = change === "DELETED";
  seen.total++;
  if (!isDeleted && created === null) {
    seen.refuse(path, "/metadata/creationTimestamp must be an RFC 3339 instant");
    return;
  }
  const type = isDeleted ? "NodeDecommissioned" : "NodeCommissioned";
  const at = isDeleted ? deleted : (created ?? nowMs);
  const place = { source: source.name, cluster, node };
  // A node that is made again under its name is another one.
  const id = eventIdOf(place, type, textAt(object, ["metadata", "uid"]), created ?? at);
  const draft = { id, type, occurredAt: formatInstant(at), data: { cluster, node } };
  seen.tasks.push({
    stream: streamOf(type, { cluster, node }) ?? "",
    path,
    settle: (events) => stateOnce(events, [draft]),
  });
}
