/** Which terms hold. */
import type { Interval, PolicyTruth } from "../setting/history.ts";

export type Terms = PolicyTruth["terms"];

const defaults: Terms = {
  nisTarget: 0.95,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 172_800_000,
  noticeHours: 24,
  monthlyAllowanceNodeHours: 0,
  excludeUnknown: false,
  excludeDownInMaintenance: false,
  zone: "UTC",
};

/** The terms at the start of the interval of time, else the first ones set within it, else the defaults. */
export function termsFor(policies: readonly PolicyTruth[], { from, to }: Interval): Terms {
  const ordered = [...policies].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const held = ordered.findLast(({ at }) => at <= from);
  return (held ?? ordered.find(({ at }) => from < at && at < to))?.terms ?? defaults;
}
