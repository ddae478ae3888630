/** The books about what the contract leaves out of the NIS. */
import { asQuotient, floorOf, sum } from "./arithmetic/exact.ts";
import { monthsOf } from "./arithmetic/calendar.ts";
import { sharedMs, sharedPart, without } from "./arithmetic/marks.ts";
import type { CountedInterval, NodeBook, NodeState } from "./nodes.ts";
import { type Terms, termsFor } from "./policy.ts";
import type { AnnouncementTruth, Interval, PolicyTruth, Amendment } from "../setting/history.ts";

interface ExclusionRow {
  readonly kind: "maintenance" | "unknown";
  readonly node: string;
  readonly maintenanceId?: string;
  /** From where to where: the first excluded instant, and the end of the last. */
  readonly from: string;
  readonly to: string;
  readonly ms: number;
  readonly eventIds: readonly string[];
}

/** What the exclusions of one window are worked out from. */
export interface ExclusionInput {
  readonly nodes: readonly NodeBook[];
  readonly policies: readonly PolicyTruth[];
  readonly amended: ReadonlyMap<string, Amendment>;
  readonly window: Interval;
  /** The largest `recordedAt`: nothing at or after it is taken. */
  readonly headMs: number;
}

interface Candidate {
  readonly interval: CountedInterval;
  readonly book: NodeBook;
  readonly announced: AnnouncementTruth | null;
}

export function exclusionsOf(input: ExclusionInput): {
  readonly exclusions: ExclusionRow[];
  readonly announcedLate: Omit<ExclusionRow, "kind" | "from" | "to">[];
} {
  const { nodes, policies, window } = input;
  const { zone } = termsFor(policies, window);
  const candidates = nodes
    .flatMap((book) => book.intervals.map((interval) => ({ interval, book })))
    .sort((a, b) => byStart(a.interval, b.interval))
    .map(({ interval, book }) => {
      const held = announcementThatHolds(input, interval, zone);
      return { interval, book, announced: held };
    });
  const taken = takeMonthByMonth(input, zone, candidates);
  const exclusions = candidates.flatMap(({ interval, announced }): ExclusionRow[] => {
    const pieces = taken.get(interval) ?? [];
    if (pieces.length === 0) return [];
    const { kind, node, maintenanceId } = interval;
    const amendment = announced === null ? undefined : input.amended.get(announced.id);
    const said = announced === null ? [] : [announced.id, ...(amendment?.ids ?? [])];
    const eventIds = [...said, ...ends(interval)];
    const named = maintenanceId === null ? {} : { maintenanceId };
    const ms = sum(pieces.map((piece) => piece.to - piece.from));
    const from = new Date(Math.min(...pieces.map((piece) => piece.from))).toISOString();
    const to = new Date(Math.max(...pieces.map((piece) => piece.to))).toISOString();
    return [{ kind, node, ...named, from, to, ms, eventIds }];
  });
  const announcedLate = candidates.flatMap(({ interval, book, announced }) => {
    const latest = byRecording(input, interval).at(-1);
    if (announced !== null || latest === undefined) return [];
    const open = sharedPart(interval, window);
    const ms = open === null ? 0 : msInState(book, "maintenance", open);
    const { node, maintenanceId } = interval;
    if (ms === 0 || maintenanceId === null) return [];
    return [{ node, maintenanceId, ms, eventIds: [latest.id, ...ends(interval)] }];
  });
  return { exclusions, announcedLate };
}

function ends({ startId, endId }: CountedInterval): string[] {
  return endId === null ? [startId] : [startId, endId];
}

function byStart(a: CountedInterval, b: CountedInterval): number {
  return a.from - b.from || (a.startId < b.startId ? -1 : 1);
}

function msInState(book: NodeBook, state: string, within: Interval): number {
  return sum(book.states.filter((s) => s.state === state).map((s) => sharedMs(s, within)));
}

/** Announcements as the ledger has them: one that was amended counts as recorded when that was last done. */
function byRecording(input: ExclusionInput, { announcements }: CountedInterval) {
  return announcements
    .map((announcement) => {
      const recordedAt = input.amended.get(announcement.id)?.recordedAt ?? announcement.recordedAt;
      return { ...announcement, recordedAt };
    })
    .sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1));
}

function announcementThatHolds(
  input: ExclusionInput,
  interval: CountedInterval,
  zone: string,
): AnnouncementTruth | null {
  const [month] = monthsOf(zone, { from: interval.from, to: interval.from + 1 });
  if (month === undefined) return null;
  const { numerator, denominator } = asQuotient(termsFor(input.policies, month).noticeHours);
  const inTime = byRecording(input, interval).filter(({ recordedAt, plannedFrom }) => {
    const leadMs = Math.min(interval.from, plannedFrom) - recordedAt;
    return BigInt(leadMs) * denominator >= numerator * 3_600_000n;
  });
  return inTime.at(-1) ?? null;
}

/** What each interval takes inside the window, month by month within the allowance. */
function takeMonthByMonth(
  input: ExclusionInput,
  zone: string,
  candidates: readonly Candidate[],
): Map<CountedInterval, Interval[]> {
  const taken = new Map<CountedInterval, Interval[]>();
  for (const month of monthsOf(zone, input.window)) {
    const terms = termsFor(input.policies, month);
    for (const [interval, pieces] of takeOfMonth(input, month, terms, candidates)) {
      const inside = pieces.flatMap((piece) => sharedPart(piece, input.window) ?? []);
      taken.set(interval, [...(taken.get(interval) ?? []), ...inside]);
    }
  }
  return taken;
}

function takeOfMonth(
  input: ExclusionInput,
  month: Interval,
  terms: Terms,
  candidates: readonly Candidate[],
): [CountedInterval, Interval[]][] {
  const hours = asQuotient(terms.monthlyAllowanceNodeHours);
  let leftMs = Number(floorOf(hours.numerator * 3_600_000n, hours.denominator));
  const claimed = new Map<NodeBook, Interval[]>();
  const cut = { from: month.from, to: Math.min(month.to, input.headMs) };
  return candidates.map(({ interval, book, announced }): [CountedInterval, Interval[]] => {
    const kinds = countedStates(interval, terms);
    const states = book.states.filter(({ state }) => kinds.includes(state));
    const inMonth = states.flatMap((piece) => {
      const open = sharedPart(piece, interval);
      const part = open === null ? null : sharedPart(open, cut);
      return part === null ? [] : [part];
    });
    if (interval.kind === "unknown") return [interval, terms.excludeUnknown ? inMonth : []];
    if (announced === null) return [interval, []];
    const planned = { from: announced.plannedFrom, to: announced.plannedTo };
    const before = claimed.get(book) ?? [];
    const pieces = inMonth.flatMap((piece) => {
      const part = sharedPart(piece, planned);
      return part === null ? [] : without(part, before);
    });
    claimed.set(book, [...before, ...pieces]);
    const used = pieces.flatMap(({ from, to }) => {
      const ms = Math.min(leftMs, to - from);
      leftMs -= ms;
      return ms > 0 ? [{ from, to: from + ms }] : [];
    });
    return [interval, used];
  });
}

/** In which states of its node an interval's time may be left out. */
function countedStates({ kind }: CountedInterval, terms: Terms): readonly NodeState[] {
  if (kind === "unknown") return ["unknown"];
  return terms.excludeDownInMaintenance === true ? ["maintenance", "down"] : ["maintenance"];
}
