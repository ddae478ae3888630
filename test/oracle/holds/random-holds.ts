/** Random ledgers of nodes that are announced for maintenance, under it or down, and of rollouts that wait for them. */
import { randomSource } from "../../histories/random-source.ts";
import type { OracleData } from "../facts/oracle-event.ts";
import { instantText } from "../facts/oracle-event.ts";
import type { RandomLedger } from "../gate/random-companions.ts";
import { CompanionSetting, companionDrafts } from "../gate/random-companions.ts";
import type { Draft } from "../gate/random-ledger.ts";
import { written } from "../gate/random-ledger.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5", "x1"];

class HoldSetting extends CompanionSetting {
  span(): [number, number] {
    const [a, b] = [this.instant(), this.instant()];
    return [Math.min(a, b), Math.max(a, b)];
  }

  on(): OracleData {
    return { cluster: "c", node: this.random.pick(nodes) };
  }

  maintenance(): OracleData {
    const { random } = this;
    return {
      ...this.on(),
      maintenanceId: random.pick(["m1", "m2"]),
      ...(random.chance(0.4) ? { rolloutId: random.pick(["u1", "u2", "ghost"]) } : {}),
    };
  }

  planned(like: OracleData): OracleData {
    const [from, to] = this.span();
    const { rolloutId: _rolloutId, ...named } = like;
    return {
      ...named,
      plannedFrom: instantText(from),
      plannedTo: instantText(to === from ? to + 1 : to),
    };
  }

  zone(nfz: string): OracleData {
    const { random } = this;
    const [from, to] = this.span();
    const scope = random.pick([null, { racks: ["r1"] }, { nodes: ["n1", "x1"] }]);
    return {
      cluster: "c",
      nfz,
      inFlight: "finish",
      occurrences: [{ from: instantText(from), to: instantText(to === from ? to + 1 : to) }],
      ...(scope === null ? {} : { scope }),
      ...(random.chance(0.25) ? { noFastPath: true } : {}),
    };
  }

  override data(type: string, like: OracleData): OracleData {
    if (type === "NodeMaintenanceAnnounced") return this.planned(like);
    if (type === "NfzDeclared") return this.zone(like.nfz ?? "z1");
    if (/^Node(Maint|Fail|Ret|Obs)/.test(type)) return { ...like, ...this.on() };
    return super.data(type, like);
  }
}

function troubles(setting: HoldSetting): Draft[] {
  const { random } = setting;
  const drafts: Draft[] = [];
  for (let i = random.between(0, 8); i > 0; i--) {
    const [from, to] = setting.span();
    const data = setting.maintenance();
    for (let k = random.between(0, 2); k > 0; k--) {
      const planned = setting.planned(data);
      drafts.push({ type: "NodeMaintenanceAnnounced", at: setting.instant(), data: planned });
    }
    if (random.chance(0.7)) drafts.push({ type: "NodeMaintenanceStarted", at: from, data });
    if (random.chance(0.4)) drafts.push({ type: "NodeMaintenanceEnded", at: to, data });
  }
  for (let i = random.between(0, 3); i > 0; i--) {
    const [from, to] = setting.span();
    const [on, faultId] = [setting.on(), random.pick(["f1", "f2"])];
    drafts.push({ type: "NodeFailed", at: from, data: { ...on, faultId, category: "hardware" } });
    if (random.chance(0.5))
      drafts.push({ type: "NodeReturned", at: to, data: { ...on, faultIds: [faultId] } });
  }
  for (let i = random.between(0, 2); i > 0; i--) {
    const [from, to] = setting.span();
    const on = setting.on();
    drafts.push({ type: "NodeObservationLost", at: from, data: on });
    if (random.chance(0.5)) drafts.push({ type: "NodeObservationRestored", at: to, data: on });
  }
  for (const nfz of ["z1", "z2"])
    if (random.chance(0.6))
      drafts.push({ type: "NfzDeclared", at: setting.instant(), data: setting.zone(nfz) });
  return drafts;
}

/** Jobs and the target that plans must keep. */
function planDrafts(setting: HoldSetting): Draft[] {
  const { random } = setting;
  const drafts: Draft[] = Array.from({ length: random.between(1, 2) }, () => ({
    type: "SlaPolicySet",
    at: random.chance(0.6) ? (setting.grid[0] ?? 0) : setting.instant(),
    data: {
      cluster: "c",
      nisTarget: random.pick([0.2, 0.4, 0.5, 0.75]),
      jobUptimeTarget: 0.9,
      mttrTargetMs: 172_800_000,
      noticeHours: 24,
      monthlyAllowanceNodeHours: 0,
      excludeUnknown: false,
      zone: "UTC",
    },
  }));
  for (const job of ["j1", "j2", "j3"]) {
    const own = { cluster: "c", job };
    const held = () => random.shuffled(nodes).slice(0, random.between(1, 3));
    const first = setting.grid[0] ?? 0;
    drafts.push({ type: "JobStarted", at: first, data: { ...own, nodes: held() } });
    const more = random.pick(["JobNodesChanged", "JobPaused", "JobInterrupted", null, null]);
    if (more === null) continue;
    const data: Readonly<Record<string, OracleData>> = {
      JobNodesChanged: { ...own, nodes: held() },
      JobPaused: own,
      JobInterrupted: { ...own, cause: { kind: "software" } },
    };
    drafts.push({ type: more, at: setting.instant(), data: data[more] ?? own });
  }
  return drafts;
}

/** The same seed gives the same history. */
export function randomHolds(seed: number): RandomLedger {
  return randomLedger(seed, () => []);
}

/** With jobs and policies, for plans. */
export function randomPlan(seed: number): RandomLedger {
  return randomLedger(seed, planDrafts);
}

function randomLedger(seed: number, more: (setting: HoldSetting) => Draft[]): RandomLedger {
  const random = randomSource(seed);
  const setting = new HoldSetting(random);
  const drafts = [...companionDrafts(setting), ...troubles(setting), ...more(setting)];
  const events = written(random, drafts, {
    grid: setting.grid,
    dataFor: (type, like) => setting.data(type, like),
    late: random.pick([0, 0.2, 0.5]),
    amend: random.pick([0, 0.1, 0.2]),
  });
  return { events, instants: setting.asked() };
}
