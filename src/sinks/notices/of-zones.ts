/** No-fly zones of a cluster that began or ended of late. */
import { unionSorted } from "../../../projections/arithmetic/intervals.ts";
import { nfzTimelines } from "../../../projections/figures/queue/near.ts";
import { nfzsKnownAt } from "../../../projections/nfz/in-force.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { noticesReachBackMs } from "../../limits/sinks.ts";
import type { DueNotices, Notice } from "./notice.ts";

/** What began or ended longer ago is news to nobody: a history that is imported raises no notices of its zones. */
export function zoneNotices(view: ClusterView, at: number): DueNotices {
  const { cluster } = view;
  const due: Notice[] = [];
  let nextAt = Infinity;
  const isLate = (edge: number) => at - noticesReachBackMs <= edge && edge <= at;
  for (const { nfz, occurrences } of nfzsKnownAt(nfzTimelines(view), at)) {
    for (const { from, to } of unionSorted(occurrences)) {
      if (from === to) continue;
      for (const edge of [from, to]) if (edge > at) nextAt = Math.min(nextAt, edge);
      const key = (edge: number) => `${cluster} ${nfz} ${formatInstant(edge)}`;
      if (isLate(from)) {
        const reason = `the no-fly zone ${nfz} began, until ${to === Infinity ? "it is lifted" : formatInstant(to)}`;
        due.push({ notice: "nfz.began", cluster, key: key(from), at: from, reason });
      }
      if (isLate(to)) {
        const reason = `the no-fly zone ${nfz} ended`;
        due.push({ notice: "nfz.ended", cluster, key: key(to), at: to, reason });
      }
    }
  }
  return { due, nextAt };
}
