/** Changing a no-fly zone in one cluster: extend, shorten, skip, lift, cancel. */
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import { isRunning } from "../../../projections/nfz/status.ts";
import type { NfzFact, NfzTimeline, Occurrence } from "../../../projections/nfz/timeline.ts";
import type { ErrorCode } from "../../errors.ts";
import { maxOccurrenceMs } from "../../limits/nfz.ts";
import { draft } from "../command/drafts.ts";
import { type InCluster, type NfzDraft, statusWith } from "./cluster-outcomes.ts";

/** Instants as text. An occurrence is identified by its `from`. */
export type NfzChange =
  | { readonly name: "extend" | "shorten"; readonly occurrence: string; readonly to: string }
  | { readonly name: "skip"; readonly occurrence: string }
  | { readonly name: "lift" | "cancel" };

/** `nfz` must include all facts about it in the cluster; `at` must be after each of them. */
export function decideChange(
  cluster: string,
  nfz: NfzTimeline,
  change: NfzChange,
  at: number,
): InCluster {
  const changing = new Changing(cluster, nfz, at);
  if (nfz.declaration === null) {
    return changing.refused("not-found", `there is no no-fly zone ${nfz.nfz} in ${cluster}`);
  }
  switch (change.name) {
    case "extend":
    case "shorten":
      return decideEnd(changing, change);
    case "skip":
      return decideSkip(changing, change.occurrence);
    case "lift":
      return nfz.occurrences.some((each) => isRunning(each, at))
        ? changing.append(draft("NfzLifted", changing.about))
        : changing.refused("nfz-over", `${changing.where} is not in force, so nothing is to lift`);
    case "cancel":
      return decideCancel(changing);
  }
}

/** One change of an NFZ in a cluster, with the messages for its outcomes. */
class Changing {
  readonly about: { readonly nfz: string; readonly cluster: string };
  readonly where: string;
  readonly nfz: NfzTimeline;
  readonly at: number;

  constructor(cluster: string, nfz: NfzTimeline, at: number) {
    this.about = { nfz: nfz.nfz, cluster };
    this.where = `${nfz.nfz} in ${cluster}`;
    this.nfz = nfz;
    this.at = at;
  }

  append(made: NfzDraft): InCluster {
    const { cluster } = this.about;
    return {
      kind: "append",
      cluster,
      draft: made,
      status: statusWith(this.nfz, made, this.at),
    };
  }

  already(by: string): InCluster {
    return { kind: "already", cluster: this.about.cluster, by, status: this.nfz };
  }

  refused(code: ErrorCode, detail: string, because?: string): InCluster {
    const extra = because === undefined ? {} : { because };
    return { kind: "refused", cluster: this.about.cluster, refusal: { code, detail, extra } };
  }

  noOccurrence(from: number): InCluster {
    const detail = `${this.where} has no occurrence that begins at ${formatInstant(from)}`;
    return this.refused("not-found", detail);
  }

  over({ from, to }: Occurrence, what: "ended" | "began"): InCluster {
    const instant = formatInstant(what === "ended" ? to : from);
    const detail = `the occurrence of ${this.where} that begins at ${formatInstant(from)} ${what} at ${instant}, and it is ${formatInstant(this.at)}`;
    return this.refused("occurrence-over", detail);
  }
}

function occurrenceAt({ nfz }: Changing, from: number): Occurrence | undefined {
  return nfz.occurrences.find((each) => each.from === from);
}

function decideEnd(
  changing: Changing,
  change: Extract<NfzChange, { readonly to: string }>,
): InCluster {
  const { at, about, where } = changing;
  const from = instantMs(change.occurrence);
  const to = instantMs(change.to);
  const occurrence = occurrenceAt(changing, from);
  if (occurrence === undefined) return changing.noOccurrence(from);
  if (occurrence.to <= at) return changing.over(occurrence, "ended");
  const end = formatInstant(occurrence.to);
  const refused = (because: string, why: string): InCluster =>
    changing.refused(
      "window-refused",
      `/to ${formatInstant(to)} ${why} (${where}, the occurrence that begins at ${formatInstant(from)})`,
      because,
    );
  if (change.name === "extend" && to <= occurrence.to)
    return refused("not-later", `is not later than its end, ${end}`);
  if (change.name === "shorten" && to >= occurrence.to)
    return refused("not-earlier", `is not earlier than its end, ${end}`);
  if (to <= from) return refused("ended", "is not after its start: skip it instead");
  if (to <= at) return refused("ended", `is not after ${formatInstant(at)}: lift it instead`);
  if (to - from > maxOccurrenceMs)
    return refused("duration", "makes it longer than 366 days, which are the most");
  const data = { ...about, occurrence: formatInstant(from), to: formatInstant(to) };
  return changing.append(
    change.name === "extend" ? draft("NfzExtended", data) : draft("NfzShortened", data),
  );
}

function decideSkip(changing: Changing, named: string): InCluster {
  const { at, about, nfz } = changing;
  const from = instantMs(named);
  const occurrence = occurrenceAt(changing, from);
  if (occurrence === undefined) return changing.noOccurrence(from);
  if (from <= at) return changing.over(occurrence, "began");
  if (occurrence.to <= from) {
    const by = nfz.applied.findLast((fact) => isNaming(fact, from));
    if (by !== undefined) return changing.already(by.id);
  }
  const start = formatInstant(from);
  return changing.append(draft("NfzShortened", { ...about, occurrence: start, to: start }));
}

function isNaming(fact: NfzFact, from: number): boolean {
  return (
    (fact.type === "NfzShortened" || fact.type === "NfzExtended") &&
    instantMs(fact.data.occurrence) === from
  );
}

function decideCancel(changing: Changing): InCluster {
  const { nfz, at, about, where } = changing;
  const hasMore =
    nfz.resolvedUntil !== null ||
    nfz.occurrences.some((each) => each.from > at || isRunning(each, at));
  if (hasMore) return changing.append(draft("NfzCancelled", about));
  const detail = `${where} has no occurrence that runs or is to come, so nothing is to cancel`;
  return changing.refused("nfz-over", detail);
}
