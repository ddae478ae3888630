/** What the text of the policy says that no-fly zones cost in a window, instant by instant. It shares no code with the product. */
import type { OracleFact } from "../facts/oracle-event.ts";
import { compareText, elementaryIntervals, milliseconds } from "../facts/oracle-event.ts";
import type { Window } from "../facts/period.ts";
import { contains, overlapMs } from "../facts/period.ts";
import { fraction, ninthDecimal } from "../facts/rational.ts";
import { nfzCalendars } from "../figures/nfz.ts";
import type { OracleRollout } from "../gate/rollouts.ts";
import { OracleFleet } from "../impact/impact.ts";

const dayMs = 86_400_000;
const ends = [
  "RolloutCompleted",
  "RolloutFailed",
  "RolloutRolledBack",
  "RolloutCancelled",
  "RolloutSuperseded",
];

/** Zones in force from one instant to another, by the facts up to it. */
interface Piece extends Window {
  readonly zones: ReadonlySet<string>;
}

function piecesOf(facts: readonly OracleFact[]): Piece[] {
  const ofZones = facts.filter(({ type }) => type.startsWith("Nfz"));
  const told = ofZones.flatMap(({ at, data }) => [
    at,
    ...(data.occurrences ?? []).flatMap(({ from, to }) => [milliseconds(from), milliseconds(to)]),
    ...(data.to === undefined ? [] : [milliseconds(data.to)]),
  ]);
  return elementaryIntervals(told).map(({ from, to }) => {
    const calendars = nfzCalendars(ofZones.filter(({ at }) => at <= from));
    const inForce = calendars.filter(({ occurrences }) =>
      occurrences.some((each) => contains(each, from)),
    );
    return { from, to, zones: new Set(inForce.map(({ nfz }) => nfz)) };
  });
}

/** Times in which any zone was in force, those that touch as one. */
function stretchesOf(pieces: readonly Piece[]): Window[] {
  const stretches: { from: number; to: number }[] = [];
  for (const { from, to, zones } of pieces) {
    if (zones.size === 0) continue;
    const last = stretches.at(-1);
    if (last?.to === from) last.to = to;
    else stretches.push({ from, to });
  }
  return stretches;
}

interface Wait extends Window {
  readonly nfzIds: readonly string[];
}

/** From each refusal to the next, or to what ends the stay in the queue. */
function waitsOf({ applied }: OracleRollout): Wait[] {
  const waits: Wait[] = [];
  const end = (at: number): void => {
    const last = waits.at(-1);
    if (last?.to === Infinity) waits.splice(-1, 1, { ...last, to: at });
  };
  for (const { type, at, data } of applied) {
    if (type === "RolloutBlocked") {
      end(at);
      waits.push({ from: at, to: Infinity, nfzIds: data.nfzIds ?? [] });
    }
    if (["RolloutUnblocked", "RolloutStarted", ...ends].includes(type)) end(at);
  }
  return waits;
}

function waitingTimes(waits: readonly Wait[], pieces: readonly Piece[], window: Window) {
  const byZone = new Map<string, { blockedMs: number; aloneMs: number }>();
  let [blockedMs, heldMs] = [0, 0];
  for (const wait of waits) {
    blockedMs += overlapMs(wait, window);
    for (const piece of pieces) {
      const from = Math.max(piece.from, wait.from, window.from);
      const ms = Math.max(0, Math.min(piece.to, wait.to, window.to) - from);
      const holding = [...new Set(wait.nfzIds)].filter((nfz) => piece.zones.has(nfz));
      if (holding.length > 0) heldMs += ms;
      for (const nfz of holding) {
        const sums = byZone.get(nfz) ?? { blockedMs: 0, aloneMs: 0 };
        byZone.set(nfz, sums);
        sums.blockedMs += ms;
        if (holding.length === 1) sums.aloneMs += ms;
      }
    }
  }
  return { byZone, blockedMs, wakeUpMs: blockedMs - heldMs };
}

function missed(rollouts: readonly OracleRollout[], window: Window) {
  return rollouts
    .flatMap((each) => {
      const { urgency = "", deadline: text } = each.submission?.data ?? {};
      if (!["security", "emergency"].includes(urgency) || text === undefined) return [];
      const deadline = milliseconds(text);
      const waits = waitsOf(each);
      // As it stands at its deadline: by the facts before it.
      const isBlocked = waits.some(({ from, to }) => from < deadline && deadline <= to);
      if (!contains(window, deadline) || !isBlocked) return [];
      const after = { from: deadline, to: window.to };
      const blockedAfterMs = waits.reduce((sum, wait) => sum + overlapMs(wait, after), 0);
      return [{ rollout: each.rollout, deadline, blockedAfterMs }];
    })
    .sort((a, b) => a.deadline - b.deadline || compareText(a.rollout, b.rollout));
}

/** By facts of one cluster. */
export function costIn(facts: readonly OracleFact[], window: Window) {
  const fleet = new OracleFleet(facts, Infinity);
  const { rollouts } = fleet;
  const pieces = piecesOf(facts);
  const stretches = stretchesOf(pieces);
  const times = waitingTimes(rollouts.flatMap(waitsOf), pieces, window);
  const names = [...new Set(pieces.flatMap(({ zones }) => [...zones]))].sort(compareText);
  const applied = rollouts.flatMap((each) => each.applied);
  const countIn = (day: Window) => {
    const started = rollouts.filter(
      ({ startedBy }) => startedBy !== null && contains(day, startedBy.at),
    );
    const nodes = new Set(started.flatMap((each) => fleet.nodesOf(each)));
    return {
      released: applied.filter(({ type, at }) => type === "RolloutUnblocked" && contains(day, at))
        .length,
      started: started.length,
      interruptions: fleet.interruptions().filter((at) => contains(day, at)).length,
      faults: [...nodes].flatMap(({ faults }) => faults).filter(({ from }) => contains(day, from))
        .length,
    };
  };
  return {
    inForceMs: stretches.reduce((sum, each) => sum + overlapMs(each, window), 0),
    nfzs: names
      .map((nfz) => ({
        nfz,
        inForceMs: pieces
          .filter(({ zones }) => zones.has(nfz))
          .reduce((sum, each) => sum + overlapMs(each, window), 0),
        ...(times.byZone.get(nfz) ?? { blockedMs: 0, aloneMs: 0 }),
      }))
      .filter(({ inForceMs }) => inForceMs > 0),
    blockedMs: times.blockedMs,
    blockedDays: ninthDecimal(fraction(BigInt(times.blockedMs), BigInt(dayMs))),
    wakeUpMs: times.wakeUpMs,
    deadlinesMissed: missed(rollouts, window),
    overrides: applied.filter(
      ({ type, at }) => type === "RolloutOverrideGranted" && contains(window, at),
    ).length,
    fastPathStarts: 0,
    thaws: stretches
      .filter(({ to }) => contains(window, to))
      .map(({ from, to }) => ({
        at: to,
        since: from,
        after: countIn({ from: to, to: to + dayMs }),
        before: countIn({ from: from - dayMs, to: from }),
      })),
  };
}
