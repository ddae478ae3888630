/** How a no-fly zone stands, by what had happened to it and what the ledger knew of that. */
import type { Interval, NfzChange, NfzTruth } from "../../setting/history.ts";

/** What happened up to an instant, as far as it was known by another. */
export interface Seen {
  readonly by: number;
  readonly knownBy: number;
}

export interface NfzStanding {
  readonly declaredAt: number;
  /** As they are listed, those without any length too. */
  readonly occurrences: readonly Interval[];
  /** Times in which it is in force without a gap. */
  readonly stretches: readonly Interval[];
  readonly resolvedUntil: number | null;
}

interface Work {
  occurrences: { from: number; to: number; isNamed: boolean }[];
  resolvedUntil: number | null;
  isCancelled: boolean;
}

/** Worked out once for each set of changes that is seen. */
const known = new WeakMap<NfzTruth, Map<string, NfzStanding | null>>();

/** `null` while it is not declared. */
export function standingOf(nfz: NfzTruth, { by, knownBy }: Seen): NfzStanding | null {
  let key = "";
  for (const { at, knownAt } of nfz.changes) key += at <= by && knownAt <= knownBy ? "x" : "-";
  const before = known.get(nfz) ?? new Map<string, NfzStanding | null>();
  known.set(nfz, before);
  const found = before.get(key);
  if (found !== undefined) return found;
  const made = work(nfz.changes.filter((_, i) => key[i] === "x"));
  before.set(key, made);
  return made;
}

function work(changes: readonly NfzChange[]): NfzStanding | null {
  const declared = changes.find(({ kind }) => kind === "declared");
  if (declared === undefined) return null;
  const state: Work = { occurrences: [], resolvedUntil: null, isCancelled: false };
  for (const change of changes) if (change.at >= declared.at) apply(state, change);
  const occurrences = state.occurrences.sort((a, b) => a.from - b.from || a.to - b.to);
  return {
    declaredAt: declared.at,
    occurrences: occurrences.map(({ from, to }) => ({ from, to })),
    stretches: stretchesOf(occurrences),
    resolvedUntil: state.resolvedUntil,
  };
}

function apply(state: Work, change: NfzChange): void {
  const { at } = change;
  const list = (listed: readonly Interval[], resolvedUntil: number | null) => {
    for (const { from, to } of listed) {
      if (state.occurrences.some((each) => each.from === from)) continue;
      state.occurrences.push({ from, to, isNamed: false });
    }
    state.resolvedUntil = resolvedUntil;
  };
  switch (change.kind) {
    case "declared":
      list(change.occurrences, change.resolvedUntil);
      return;
    case "listed":
      if (state.isCancelled) return;
      state.occurrences = state.occurrences.filter(
        ({ from, isNamed }) => from < change.after || isNamed,
      );
      list(change.occurrences, change.resolvedUntil);
      return;
    case "moved":
      for (const each of state.occurrences) {
        if (each.from !== change.from) continue;
        each.to = change.to;
        each.isNamed = true;
      }
      return;
    case "lifted":
      endRunning(state, at);
      return;
    case "cancelled":
      if (state.resolvedUntil === null && !state.occurrences.some(({ to }) => to > at)) return;
      endRunning(state, at);
      state.occurrences = state.occurrences.filter(({ from }) => from <= at);
      state.resolvedUntil = null;
      state.isCancelled = true;
  }
}

function endRunning({ occurrences }: Work, at: number): void {
  for (const each of occurrences) if (each.from <= at && at < each.to) each.to = at;
}

function stretchesOf(occurrences: readonly Interval[]): Interval[] {
  const stretches: { from: number; to: number }[] = [];
  for (const { from, to } of occurrences) {
    const last = stretches.at(-1);
    if (from >= to) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else stretches.push({ from, to });
  }
  return stretches;
}

/** The stretch that holds the instant; `null` if it is not in force then. */
export function inForceAt(nfz: NfzTruth, at: number, seen: Seen): Interval | null {
  const standing = standingOf(nfz, seen);
  return standing?.stretches.find(({ from, to }) => from <= at && at < to) ?? null;
}

/** The first instant from `at` on at which none of the zones is in force. */
export function firstFree(nfzs: readonly NfzTruth[], at: number, seen: Seen): number {
  const stretches = nfzs.flatMap((nfz) => standingOf(nfz, seen)?.stretches ?? []);
  let free = at;
  for (;;) {
    const hit = stretches.find(({ from, to }) => from <= free && free < to);
    if (hit === undefined) return free;
    free = hit.to;
  }
}

/** The first begin or end of an occurrence of any of them after the instant; Infinity if none is known. */
export function nextBoundary(nfzs: readonly NfzTruth[], at: number, seen: Seen): number {
  let next = Infinity;
  for (const nfz of nfzs)
    for (const { from, to } of standingOf(nfz, seen)?.stretches ?? [])
      next = Math.min(next, from > at ? from : to > at ? to : Infinity);
  return next;
}
