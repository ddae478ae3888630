/** Answers about no-fly zones, as text for the terminal. */
import type { NfzAnswer, NfzInCluster } from "../../../decisions/nfz/answer.ts";
import type {
  MetRollout,
  NfzPreview,
  PreviewedOccurrence,
} from "../../../decisions/nfz/preview.ts";
import type { Place } from "../../../../projections/nodes/places.ts";
import { shownText } from "../../../shown-text.ts";
import { columns, instantShort, number, table } from "../../../reports/text/figures.ts";

/** As `GET /v1/nfz/at` answers. */
export interface AtJson {
  readonly cluster: string;
  readonly at: string;
  readonly inForce: readonly {
    readonly nfz: string;
    readonly from: string;
    readonly to: string;
    readonly inFlight: string;
    readonly scope: Place | null;
  }[];
  readonly nextChange: string | null;
  readonly resolvedUntil: string | null;
}

/** As `GET /v1/nfz` answers. */
export interface ListJson {
  readonly at: string | null;
  readonly nfz: readonly {
    readonly cluster: string;
    readonly nfz: string;
    readonly inForce: boolean;
    readonly inFlight: string | null;
    readonly scope: Place | null;
    readonly occurrences: readonly Ends[];
    readonly resolvedUntil: string | null;
  }[];
}

interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Occurrences that a preview shows; the JSON has all. */
const shownOccurrences = 12;

export function answerWords({ nfz, outcome, at, clusters, leftOut }: NfzAnswer): string {
  const how = {
    appended: "recorded",
    already: "was so already",
    repeated: "was asked before with this id",
  }[outcome];
  const lines = [`${shownText(nfz)}: ${how}`];
  lines.push(...table(clusters.map((each) => rowOf(each, at))));
  if (leftOut.length > 0)
    lines.push(`  does not apply in ${leftOut.map(shownText).join(", ")}: left out`);
  return lines.join("\n");
}

function rowOf({ cluster, occurrences, resolvedUntil, event }: NfzInCluster, at: string): string[] {
  const place = event === null ? "" : `${event.type} at sequence ${event.sequence ?? "unknown"}`;
  return [cluster, place, timesWords(occurrences, resolvedUntil, at)];
}

/** What runs or comes next, and how much more there is. */
function timesWords(
  occurrences: readonly Ends[],
  resolvedUntil: string | null,
  at: string,
): string {
  const ahead = occurrences.filter(({ from, to }) => to > at && to > from);
  const [next] = ahead;
  const more = ahead.length > 1 ? `, ${number(ahead.length - 1)} more` : "";
  const until = resolvedUntil === null ? "" : `, recorded up to ${instantShort(resolvedUntil)}`;
  return next === undefined ? `nothing ahead${until}` : `${betweenWords(next)}${more}${until}`;
}

function betweenWords({ from, to }: Ends): string {
  return `${instantShort(from)} to ${instantShort(to)}`;
}

export function previewWords(preview: NfzPreview): string {
  const { nfz, occurrences, resolvedUntil, tzdata, clusters } = preview;
  const lines = [`${shownText(nfz)} would have ${occurrencesWords(occurrences.length)}:`];
  lines.push(...table(occurrences.slice(0, shownOccurrences).map(occurrenceRow)));
  const rest = occurrences.length - shownOccurrences;
  if (rest > 0) lines.push(`  and ${number(rest)} more (--format json has all)`);
  const changed = occurrences.slice(shownOccurrences).filter(({ note }) => note !== null);
  if (changed.length > 0)
    lines.push("Of these, the clocks change:", ...table(changed.map(occurrenceRow)));
  if (resolvedUntil !== null)
    lines.push(`Recorded up to ${instantShort(resolvedUntil)}; further ones follow in time.`);
  if (tzdata !== null) lines.push(`Resolved with the zone table ${tzdata}.`);
  for (const { cluster, waiting, inFlight } of clusters) {
    lines.push(`In ${shownText(cluster)}:`);
    lines.push(
      `  would wait: ${rolloutsWords(waiting)}`,
      `  under way: ${rolloutsWords(inFlight)}`,
    );
  }
  return lines.join("\n");
}

function occurrencesWords(count: number): string {
  return count === 1 ? "1 occurrence" : `${number(count)} occurrences`;
}

const notes = {
  gap: "the clocks skip its local start",
  overlap: "its local start happens twice; it begins at the first",
} as const;

function occurrenceRow({ from, to, local, note }: PreviewedOccurrence): string[] {
  const zoned = local === null ? "" : `${local.from} to ${local.to}`;
  return [betweenWords({ from, to }), zoned, note === null ? "" : notes[note]];
}

function rolloutsWords(rollouts: readonly MetRollout[]): string {
  if (rollouts.length === 0) return "none";
  return rollouts
    .map(({ rollout, state, urgency }) => {
      const what = urgency === null ? state : `${urgency}, ${state}`;
      return `${shownText(rollout)} (${what})`;
    })
    .join(", ");
}

export function atWords({ cluster, at, inForce, nextChange, resolvedUntil }: AtJson): string {
  const lines = [
    `${shownText(cluster)} at ${instantShort(at)}: ${inForce.length === 0 ? "no zone is in force" : "in force are"}`,
  ];
  lines.push(
    ...table(
      inForce.map(({ nfz, from, to, inFlight, scope }) => [
        nfz,
        betweenWords({ from, to }),
        `${scopeWords(scope)}; in flight: ${inFlight}`,
      ]),
    ),
  );
  const next = nextChange === null ? "not known" : instantShort(nextChange);
  const until = resolvedUntil === null ? "" : ` (recorded up to ${instantShort(resolvedUntil)})`;
  lines.push(`next change: ${next}${until}`);
  return lines.join("\n");
}

export function listWords({ nfz, at }: ListJson): string {
  if (nfz.length === 0) return "no no-fly zones";
  const rows = nfz.map((each) => [
    each.cluster,
    each.nfz,
    each.inForce ? "in force" : "",
    timesWords(each.occurrences, each.resolvedUntil, at ?? ""),
    scopeWords(each.scope),
  ]);
  return columns(rows, "", () => true).join("\n");
}

function scopeWords(scope: Place | null): string {
  const kinds = Object.entries(scope ?? {}).filter(([, names]) => Array.isArray(names));
  if (kinds.length === 0) return "whole cluster";
  return kinds.map(([kind, names]) => `${kind} ${(names as string[]).join(", ")}`).join("; ");
}
