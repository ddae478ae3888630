import type { OracleData, OracleEvent } from "../oracle/facts/oracle-event.ts";
import { instant, someData, someInstant } from "./random-data.ts";
import type { Setting } from "./random-data.ts";
import { randomSource } from "./random-source.ts";
import type { RandomSource } from "./random-source.ts";
import {
  blindness,
  fault,
  jobLife,
  maintenance,
  membership,
  noFlyZone,
  noise,
  policy,
  rolloutLife,
} from "./random-stories.ts";
import type { Draft, Story } from "./random-stories.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CLOCK_SKEW_MS = 5 * 60_000;

export interface HistoryOptions {
  /** The most events that a history has; left out: 80. */
  readonly maxEvents?: number;
  /** Whether events are corrected and retracted; left out: yes. */
  readonly corrections?: boolean;
}

/** Days about which clocks change somewhere, months and years turn, a day is missing, or a month begins twice. */
const beginnings = [
  "2026-02-26T12:00:00.000Z",
  "2026-03-07T00:00:00.000Z",
  "2026-03-28T00:00:00.000Z",
  "2026-10-24T06:00:00.000Z",
  "2026-10-31T00:00:00.000Z",
  "2025-12-30T12:00:00.000Z",
  "2018-11-03T00:00:00.000Z",
  "2011-12-29T00:00:00.000Z",
  "2009-10-30T12:00:00.000Z",
];

const nodeStories = [fault, fault, fault, maintenance, maintenance, blindness, noise("Node")];
const rolloutStories = [
  rolloutLife,
  rolloutLife,
  noFlyZone,
  noFlyZone,
  noise("Rollout"),
  noise("Nfz"),
];
const jobStories = [jobLife, jobLife, jobLife, noise("Job")];
const plannedStories = [maintenance, maintenance, maintenance, blindness, fault, policy];
const themes: readonly (readonly Story[])[] = [
  nodeStories,
  nodeStories,
  plannedStories,
  plannedStories,
  jobStories,
  jobStories,
  rolloutStories,
  [...nodeStories, ...rolloutStories, ...jobStories],
];

function someSetting(random: RandomSource): Setting {
  const begin = Date.parse(random.pick(beginnings));
  const step = random.pick([HOUR, 6 * HOUR, 6 * HOUR, DAY, 5 * DAY]);
  const grid = Array.from({ length: random.between(4, 16) }, (_, place) => begin + place * step);
  return {
    random,
    clusters: random.chance(0.7) ? ["c1"] : ["c1", "c2"],
    nodes: ["n1", "n10", "N2", "n2"].slice(0, random.between(1, 4)),
    grid,
  };
}

function someDrafts(setting: Setting, maxEvents: number): Draft[] {
  const { random } = setting;
  const theme = random.pick(themes);
  const wanted = random.between(5, maxEvents);
  const drafts: Draft[] = [];
  if (theme !== jobStories && theme !== rolloutStories) drafts.push(...membership(setting));
  for (let policies = random.between(0, 3); policies > 0; policies -= 1) {
    drafts.push(...policy(setting));
  }
  while (drafts.length < wanted) drafts.push(...random.pick(theme)(setting));
  return drafts.slice(0, maxEvents);
}

/** A fact said twice, with other ids: the same, or contradicting the first in its data. */
function withDoubles(setting: Setting, drafts: readonly Draft[]): Draft[] {
  const { random } = setting;
  return drafts.flatMap((draft) => {
    if (!random.chance(0.05)) return [draft];
    const data = random.chance(0.5) ? draft.data : someData(setting, draft.type);
    return [draft, { ...draft, data }];
  });
}

/** The ledger while it is being written: gives ids, and recorded times that go back a little now and then. */
class Writing {
  readonly events: OracleEvent[] = [];
  readonly #random: RandomSource;
  #clock = 0;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  append(type: string, at: number, data: OracleData, arrives: number): void {
    const pause = this.#random.pick([0, 0, 1, 1000]);
    this.#clock = Math.max(this.#clock + pause, arrives, at - CLOCK_SKEW_MS);
    const back = this.#random.chance(0.1) ? this.#random.pick([1, 1000, 60_000]) : 0;
    const recordedAt = Math.max(this.#clock - back, at - CLOCK_SKEW_MS);
    const why = /^Fact|Override/.test(type) ? { actor: "somebody", reason: "it was wrong" } : {};
    this.events.push({
      id: this.#random.uuid(),
      type,
      occurredAt: instant(at),
      recordedAt: instant(recordedAt),
      data,
      ...why,
    });
  }

  get clock(): number {
    return this.#clock;
  }
}

/** New data for an event: something else of its type, or only somewhere else. */
function otherData(setting: Setting, event: OracleEvent): OracleData {
  const { random } = setting;
  const fresh = someData(setting, event.type);
  if (random.chance(/Announced|Policy/.test(event.type) ? 0.6 : 0.1)) return event.data;
  if (random.chance(0.3)) return { ...event.data, cluster: fresh.cluster ?? "" };
  if (random.chance(0.3) && event.data.node) return { ...event.data, node: fresh.node ?? "" };
  if (random.chance(0.3) && event.data.job) return { ...event.data, job: fresh.job ?? "" };
  const { cluster, node, job, rollout, nfz } = event.data;
  return { ...fresh, ...withoutUndefined({ cluster, node, job, rollout, nfz }) };
}

function withoutUndefined(data: {
  [key in keyof OracleData]: OracleData[key] | undefined;
}): OracleData {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** What a correction of a fact says: another time, other data, both, or (for nothing) neither. */
function correctionData(setting: Setting, named: OracleEvent): OracleData {
  const { random } = setting;
  const occurredAt = random.chance(0.6)
    ? { occurredAt: instant(Math.min(someInstant(setting), Date.parse(named.recordedAt))) }
    : {};
  const data = random.chance(0.6) ? { data: otherData(setting, named) } : {};
  return { eventId: named.id, ...occurredAt, ...data };
}

/** Corrects or retracts some event so far, be it a correction or a retraction itself. */
function amend(setting: Setting, writing: Writing): void {
  const { random } = setting;
  const { events } = writing;
  const amendments = events.filter((event) => event.type.startsWith("Fact"));
  const notices = events.filter((event) => /Announced|Policy/.test(event.type));
  const favoured = random.pick([events, amendments, notices, events.slice(-1), events.slice(-2)]);
  const named = random.pick(favoured.length > 0 ? favoured : events);
  const at = writing.clock;
  if (random.chance(0.4)) {
    writing.append("FactRetracted", at, { eventId: named.id }, at);
    return;
  }
  const root = events.find((event) => event.id === named.data.eventId);
  const fresh =
    named.type === "FactRetracted"
      ? { eventId: named.id, data: { eventId: named.data.eventId ?? "" } }
      : named.type === "FactCorrected" && root
        ? { eventId: named.id, data: { ...recorrection(setting, events, root), eventId: root.id } }
        : correctionData(setting, named);
  writing.append("FactCorrected", at, fresh, at);
}

/** The new data of a correction; if that is one of an amendment in turn, it keeps what it names. */
function recorrection(
  setting: Setting,
  events: readonly OracleEvent[],
  root: OracleEvent,
): OracleData {
  if (!root.type.startsWith("Fact")) return correctionData(setting, root);
  const named = events.find((event) => event.id === root.data.eventId);
  const inner: OracleData =
    root.type === "FactRetracted" || !named
      ? { eventId: root.data.eventId ?? "" }
      : { ...recorrection(setting, events, named), eventId: named.id };
  return { eventId: root.id, data: inner };
}

/**
 * A history as a ledger might hold it: valid in form, and late, duplicate, contradictory, overlapping and corrected in
 * substance. The same seed gives the same history.
 */
export function randomHistory(seed: number, options: HistoryOptions = {}): OracleEvent[] {
  const random = randomSource(seed);
  const setting = someSetting(random);
  const drafts = withDoubles(setting, someDrafts(setting, options.maxEvents ?? 60));
  const lateness = random.pick([0, 0.1, 0.3, 1]);
  const span = (setting.grid.at(-1) ?? 0) - (setting.grid[0] ?? 0);
  const arriving = drafts
    .map((draft) => {
      const soon = draft.arrives ?? draft.at + random.pick([0, 0, 1, 1000, HOUR]);
      return { draft, arrives: soon + (random.chance(lateness) ? random.below(span) : 0) };
    })
    .sort((a, b) => a.arrives - b.arrives);
  const amending = options.corrections === false ? 0 : random.pick([0, 0.1, 0.3, 0.6]);
  const writing = new Writing(random);
  for (const { draft, arrives } of arriving) {
    writing.append(draft.type, draft.at, draft.data, arrives);
    if (random.chance(amending)) amend(setting, writing);
  }
  if (random.chance(0.6)) {
    const late = writing.clock + random.pick([HOUR, DAY, 40 * DAY, 400 * DAY]);
    writing.append("ClusterRegistered", writing.clock, { cluster: "c1" }, late);
  }
  return writing.events;
}
