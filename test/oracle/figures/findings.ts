import { groupBy } from "../facts/oracle-event.ts";
import type { OracleFinding } from "../facts/oracle-event.ts";
import { contains } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";

/**
 * The findings of the window by kind: one per fact and kind, by the fact's instant; blocked rollouts whose release is
 * overdue at the window's end come on top.
 */
export function countFindings(
  findings: readonly OracleFinding[],
  window: Window,
  releasesOverdue: number,
): Record<string, number> {
  const inside = findings.filter((finding) => contains(window, finding.fact.at));
  const counts = [...groupBy(inside, (finding) => finding.kind)].map(
    ([kind, ofKind]): [string, number] => [kind, new Set(ofKind.map(({ fact }) => fact.id)).size],
  );
  return Object.fromEntries(
    releasesOverdue > 0 ? [...counts, ["release-overdue", releasesOverdue]] : counts,
  );
}
