/** The terms that are agreed, and that are changed in mid-period. */
import type { PolicyTruth } from "../setting/history.ts";
import type { Setting } from "../setting/setting.ts";
import { dayMs, reporterOf, snap } from "../setting/setting.ts";

export function simulatePolicies(setting: Setting): PolicyTruth[] {
  const { plan, scenario, from, end } = setting;
  const random = setting.random.fork("policies");
  const downRandom = setting.random.fork("policies about down time");
  const reporter = reporterOf(setting, "contracts");
  const base: PolicyTruth["terms"] = {
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 2 * dayMs,
    noticeHours: scenario.policy.noticeHours,
    monthlyAllowanceNodeHours: scenario.policy.monthlyAllowanceNodeHours,
    excludeUnknown: scenario.policy.excludeUnknown,
    ...(scenario.policy.excludeDownInMaintenance && { excludeDownInMaintenance: true }),
    zone: plan.zone,
  };
  const set = (at: number, terms: PolicyTruth["terms"], delayMs?: number): PolicyTruth => {
    const how = delayMs === undefined ? {} : { delayMs };
    const data = { cluster: plan.cluster, ...terms };
    return { id: reporter.say("SlaPolicySet", at, data, how).id, at, terms };
  };
  const policies = [set(from, base, 0)];
  for (let i = 0; i < scenario.policy.changes; i++) {
    const at = snap(setting, from + (end - from) * (0.3 + 0.6 * random.float()));
    policies.push(
      set(at, {
        ...base,
        ...(scenario.policy.changeTargets && {
          nisTarget: random.pick([0.95, 0.96, 0.9]),
          mttrTargetMs: random.pick([2, 1.5, 3]) * dayMs,
        }),
        noticeHours: random.pick([0.5, 1, 2]) * base.noticeHours,
        monthlyAllowanceNodeHours:
          Math.round(random.pick([50, 100, 130]) * base.monthlyAllowanceNodeHours) / 100,
        excludeUnknown: random.chance(0.5),
        ...(scenario.policy.excludeDownInMaintenance && {
          excludeDownInMaintenance: downRandom.chance(0.5),
        }),
      }),
    );
  }
  return policies;
}
