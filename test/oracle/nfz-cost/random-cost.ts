/** Random ledgers of no-fly zones that change, of rollouts that wait for them, and of what happens when they end. */
import { randomSource } from "../../histories/random-source.ts";
import type { OracleData, OracleEvent } from "../facts/oracle-event.ts";
import { instantText } from "../facts/oracle-event.ts";
import type { Draft } from "../gate/random-ledger.ts";
import { written } from "../gate/random-ledger.ts";
import { ImpactSetting, impactDrafts } from "../impact/random-impact.ts";

const zones = ["z1", "z2", "z3"];

class CostSetting extends ImpactSetting {
  zone(nfz: string): OracleData {
    const { random } = this;
    const starts = random.shuffled(this.grid).slice(0, random.between(1, 3));
    const occurrences = starts.map((from) => ({
      from: instantText(from),
      to: instantText(from + random.pick([1, 1, 2, 4, 4, 8]) * 3_600_000),
    }));
    return { cluster: "c", nfz, inFlight: "finish", occurrences };
  }

  blocked(rollout: string): OracleData {
    const { random } = this;
    const nfzIds = random.shuffled([...zones, "z9"]).slice(0, random.between(1, 3));
    return { cluster: "c", rollout, nfzIds };
  }

  override submission(rollout: string): OracleData {
    const { random } = this;
    return {
      ...super.submission(rollout),
      urgency: random.pick(["routine", "security", "emergency"]),
      ...(random.chance(0.6) ? { deadline: instantText(this.instant()) } : {}),
    };
  }

  override data(type: string, like: OracleData): OracleData {
    if (type === "NfzDeclared") return this.zone(like.nfz ?? "z1");
    if (type === "RolloutBlocked") return this.blocked(like.rollout ?? "u1");
    return super.data(type, like);
  }
}

function zoneFacts(setting: CostSetting, nfz: string): Draft[] {
  const { random } = setting;
  const declared = setting.zone(nfz);
  const drafts: Draft[] = [
    { type: "NfzDeclared", at: setting.grid[random.pick([0, 0, 3])] ?? 0, data: declared },
  ];
  for (let i = random.between(0, 4); i > 0; i--) {
    const type = random.pick(["NfzExtended", "NfzExtended", "NfzShortened", "NfzLifted"]);
    const { from } = random.pick(declared.occurrences ?? []);
    const to = instantText(Date.parse(from) + random.between(0, 8) * 1_800_000);
    const named = type === "NfzLifted" ? {} : { occurrence: from, to };
    drafts.push({ type, at: setting.instant(), data: { cluster: "c", nfz, ...named } });
  }
  if (random.chance(0.15))
    drafts.push({ type: "NfzCancelled", at: setting.instant(), data: { cluster: "c", nfz } });
  return drafts;
}

/** What lets maintenance be left out of the NIS: announcements in time, and a policy that allows for some. */
function noticeFacts(setting: CostSetting): Draft[] {
  const { random } = setting;
  const [first = 0] = setting.grid;
  const drafts: Draft[] = [
    { type: "SlaPolicySet", at: first, data: slaPolicy(random.pick([0, 3, 50])) },
  ];
  for (let i = random.between(0, 10); i > 0; i--) {
    const [from, to] = setting.span();
    const { rolloutId, ...named } = setting.maintenance();
    const data = {
      ...named,
      plannedFrom: instantText(from),
      plannedTo: instantText(to === from ? to + 3_600_000 : to),
      ...(rolloutId === undefined || random.chance(0.5) ? {} : { rolloutId }),
    };
    const at = random.pick([first, first, setting.instant()]);
    drafts.push({ type: "NodeMaintenanceAnnounced", at, data });
  }
  return drafts;
}

function slaPolicy(monthlyAllowanceNodeHours: number): OracleData {
  return {
    cluster: "c",
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 1,
    monthlyAllowanceNodeHours,
    excludeUnknown: false,
    zone: "UTC",
  };
}

function waitFacts(setting: CostSetting, rollout: string): Draft[] {
  const { random } = setting;
  const own = { cluster: "c", rollout };
  const drafts: Draft[] = [];
  for (let i = random.between(0, 4); i > 0; i--) {
    const at = setting.instant();
    drafts.push({ type: "RolloutBlocked", at, data: setting.blocked(rollout) });
    if (random.chance(0.6))
      drafts.push({ type: "RolloutUnblocked", at: setting.instant(), data: own });
  }
  if (random.chance(0.2)) {
    const at = setting.instant();
    const expiresAt = instantText(at + 3_600_000);
    const data = { ...own, role: "approver", nfzIds: ["z1"], expiresAt };
    drafts.push({ type: "RolloutOverrideGranted", at, data });
  }
  return drafts;
}

/** The same seed gives the same history. */
export function randomCost(seed: number): {
  events: OracleEvent[];
  windows: { from: number; to: number }[];
} {
  const random = randomSource(seed);
  const setting = new CostSetting(random);
  const drafts = [
    ...impactDrafts(setting),
    ...noticeFacts(setting),
    ...zones.flatMap((nfz) => (random.chance(0.8) ? zoneFacts(setting, nfz) : [])),
    ...["u1", "u2", "u3", "u4", "u5"].flatMap((rollout) => waitFacts(setting, rollout)),
  ];
  const events = written(random, drafts, {
    grid: setting.grid,
    dataFor: (type, like) => setting.data(type, like),
    late: random.pick([0, 0.2, 0.5]),
    amend: random.pick([0, 0, 0.1, 0.2]),
  });
  const windows = Array.from({ length: 3 }, () => {
    const [from, to] = setting.span();
    return { from, to: to === from ? to + 3_600_000 : to };
  });
  return { events, windows };
}
