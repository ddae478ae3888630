/** Changes of no-fly zones that are asked of the ledger: extended, shortened, skipped, lifted, cancelled. */
import { type DeclaredNfz, freeInstant, keeper, type NfzDesk } from "./desk.ts";
import { type NfzStanding, standingOf } from "./standing.ts";
import { type Draft, draft } from "../../setting/decision-log.ts";
import type { Interval, NfzChange, NfzTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import { hourMs, iso, minuteMs } from "../../setting/setting.ts";

type Wanted =
  | { readonly name: "extend" | "shorten"; readonly occurrence: Interval; readonly to: number }
  | { readonly name: "skip"; readonly occurrence: Interval }
  | { readonly name: "lift" | "cancel" };

/** Somebody looks at the zone in one of its clusters and changes it, there or wherever that applies. */
export function changeNow(desk: NfzDesk, nfz: DeclaredNfz, wantedAt: number): void {
  const { random, log, end } = desk;
  if (wantedAt <= nfz.lastAt) return;
  const [[leading, truth] = []] = random.sample([...nfz.truths], 1);
  if (leading === undefined || truth === undefined) return;
  const at = freeInstant(desk, wantedAt);
  if (at >= end) return;
  const standing = standingOf(truth, { by: at, knownBy: at });
  const wanted = standing === null ? null : draw(random, standing, at);
  if (wanted === null) return;
  const isForAll = random.chance(0.7);
  const drafts: Draft[] = [];
  for (const [cluster, each] of nfz.truths) {
    if (!isForAll && cluster !== leading) continue;
    const change = applied(each, wanted, at);
    if (change === null) continue;
    each.changes.push(change);
    drafts.push(drafted({ nfz: nfz.nfz, cluster }, wanted));
  }
  nfz.lastAt = at;
  const where = isForAll ? {} : { clusters: [leading] };
  const request = {
    command: wanted.name,
    path: `/v1/nfz/${nfz.nfz}/${wanted.name}`,
    actor: keeper,
    reason: reasons[wanted.name],
    body: { ...where, ...said(wanted) },
  };
  log.append(at, request, drafts);
}

const reasons = {
  extend: "The run takes longer.",
  shorten: "The run will be done earlier.",
  skip: "The run was put off.",
  lift: "The run is done.",
  cancel: "The run was given up.",
} as const;

/** Something that can be done to it now; `null` if the one that is drawn cannot. */
function draw(random: Random, { occurrences }: NfzStanding, at: number): Wanted | null {
  const kind = random.float();
  const running = occurrences.filter(({ from, to }) => from <= at && at < to);
  const lasting = occurrences.filter(({ to }) => to > at).slice(0, 6);
  const later = occurrences.filter(({ from, to }) => from > at && to > from).slice(0, 6);
  if (kind < 0.55) {
    const [occurrence] = random.sample(running.length > 0 ? running : lasting, 1);
    if (occurrence === undefined) return null;
    const { from, to } = occurrence;
    if (kind < 0.3) {
      const longer = to + Math.ceil(random.exponential(6 * hourMs) / minuteMs) * minuteMs;
      return { name: "extend", occurrence, to: longer };
    }
    const least = Math.max(from, at) + 1;
    const shorter = least + Math.floor((to - least) * random.float());
    return shorter < to ? { name: "shorten", occurrence, to: shorter } : null;
  }
  if (kind < 0.7) {
    const [occurrence] = random.sample(later, 1);
    return occurrence === undefined ? null : { name: "skip", occurrence };
  }
  if (kind < 0.85) return running.length === 0 ? null : { name: "lift" };
  return lasting.length === 0 ? null : { name: "cancel" };
}

/** What it changes in one cluster; `null` where it does not apply. */
function applied(truth: NfzTruth, wanted: Wanted, at: number): NfzChange | null {
  const standing = standingOf(truth, { by: at, knownBy: at });
  if (standing === null) return null;
  const { occurrences, resolvedUntil } = standing;
  const when = { at, knownAt: at };
  switch (wanted.name) {
    case "extend":
    case "shorten":
    case "skip": {
      const there = occurrences.find(({ from }) => from === wanted.occurrence.from);
      if (there === undefined) return null;
      const { from, to } = there;
      if (wanted.name === "skip") {
        return from > at && to > from ? { kind: "moved", ...when, from, to: from } : null;
      }
      const fits = wanted.name === "extend" ? wanted.to > to : wanted.to < to;
      return to > at && fits ? { kind: "moved", ...when, from, to: wanted.to } : null;
    }
    case "lift":
      return occurrences.some(({ from, to }) => from <= at && at < to)
        ? { kind: "lifted", ...when }
        : null;
    case "cancel": {
      const hasMore =
        resolvedUntil !== null ||
        occurrences.some(({ from, to }) => from > at || (from <= at && at < to));
      return hasMore ? { kind: "cancelled", ...when } : null;
    }
  }
}

function drafted(about: { readonly nfz: string; readonly cluster: string }, wanted: Wanted): Draft {
  switch (wanted.name) {
    case "extend":
      return draft("NfzExtended", { ...about, ...named(wanted.occurrence, wanted.to) });
    case "shorten":
      return draft("NfzShortened", { ...about, ...named(wanted.occurrence, wanted.to) });
    case "skip":
      return draft("NfzShortened", {
        ...about,
        ...named(wanted.occurrence, wanted.occurrence.from),
      });
    case "lift":
      return draft("NfzLifted", about);
    case "cancel":
      return draft("NfzCancelled", about);
  }
}

function named({ from }: Interval, to: number): { occurrence: string; to: string } {
  return { occurrence: iso(from), to: iso(to) };
}

/** What the request's body has of it. */
function said(wanted: Wanted): object {
  if (!("occurrence" in wanted)) return {};
  const occurrence = iso(wanted.occurrence.from);
  return "to" in wanted ? { occurrence, to: iso(wanted.to) } : { occurrence };
}
