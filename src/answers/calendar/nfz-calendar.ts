/**
 * The no-fly zones of clusters as an iCalendar feed (RFC 5545), for calendar clients to subscribe to: an event
 * for each recorded occurrence, in UTC. There is no rule and no time zone in it, so that no client resolves
 * what the ledger has resolved.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { shownLines, shownText } from "../../shown-text.ts";
import { contentLine, dateTimeValue, textValue } from "./content-lines.ts";

/** One occurrence of an NFZ in one cluster. Instants in milliseconds. */
export interface CalendarOccurrence extends Interval {
  readonly nfz: string;
  readonly cluster: string;
  /** How many changes touched it. */
  readonly sequence: number;
  /** When the last of its facts was recorded. */
  readonly lastRecordedAt: number;
  /** It was dropped. One that is emptied, so that it ends where it begins, counts as cancelled, too. */
  readonly cancelled: boolean;
  /** `null` for the whole cluster. */
  readonly scope: CalendarScope | null;
  readonly inFlight: "finish" | "pause" | "rollback";
  readonly reason: string | null;
}

interface CalendarScope {
  readonly nodes?: readonly string[] | undefined;
  readonly racks?: readonly string[] | undefined;
  readonly skus?: readonly string[] | undefined;
}

/** The feed, as text. Its occurrences are in the order of their starts. */
export function nfzCalendar(occurrences: readonly CalendarOccurrence[]): string {
  const lines = [
    "BEGIN:VCALENDAR\r\n",
    contentLine("VERSION", "2.0"),
    contentLine("PRODID", "-//fleetledger//No-fly zones//EN"),
    contentLine("NAME", "No-fly zones"),
    contentLine("X-WR-CALNAME", "No-fly zones"),
  ];
  const words = new ZoneWords();
  for (const each of [...occurrences].sort(inOrder))
    lines.push(...eventLines(each, words.of(each)));
  lines.push("END:VCALENDAR\r\n");
  return lines.join("");
}

function inOrder(a: CalendarOccurrence, b: CalendarOccurrence): number {
  return a.from - b.from || byText(a.nfz, b.nfz) || byText(a.cluster, b.cluster);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What every occurrence of an NFZ in a cluster says of it, made once: there are hundreds. */
class ZoneWords {
  readonly #known = new Map<string, { readonly of: CalendarOccurrence; readonly lines: string }>();

  of(each: CalendarOccurrence): string {
    const key = `${each.cluster} ${each.nfz}`;
    const known = this.#known.get(key);
    if (known !== undefined && saysTheSame(known.of, each)) return known.lines;
    const summary = contentLine("SUMMARY", textValue(summaryOf(each)));
    const lines = summary + contentLine("DESCRIPTION", textValue(descriptionOf(each)));
    this.#known.set(key, { of: each, lines });
    return lines;
  }
}

function saysTheSame(a: CalendarOccurrence, b: CalendarOccurrence): boolean {
  return a.scope === b.scope && a.inFlight === b.inFlight && a.reason === b.reason;
}

function eventLines(each: CalendarOccurrence, words: string): string[] {
  const { from, to, sequence, lastRecordedAt } = each;
  const isEmpty = to <= from;
  const recordedAt = dateTimeValue(lastRecordedAt);
  return [
    "BEGIN:VEVENT\r\n",
    contentLine("UID", textValue(uidOf(each))),
    contentLine("SEQUENCE", String(sequence)),
    contentLine("DTSTAMP", recordedAt),
    contentLine("LAST-MODIFIED", recordedAt),
    contentLine("DTSTART", dateTimeValue(from)),
    // An end must come after the start. Seconds are the finest there are: what is begun is shown whole.
    ...(isEmpty ? [] : [contentLine("DTEND", dateTimeValue(Math.ceil(to / 1_000) * 1_000))]),
    contentLine("STATUS", each.cancelled || isEmpty ? "CANCELLED" : "CONFIRMED"),
    // It takes nobody's time.
    contentLine("TRANSP", "TRANSPARENT"),
    words,
    "END:VEVENT\r\n",
  ];
}

/** The same for ever: neither the NFZ's name nor the start of an occurrence changes. */
function uidOf({ nfz, cluster, from }: CalendarOccurrence): string {
  const basic = formatInstant(from).replace(/\.000(?=Z$)|[-:]/g, "");
  return `${nfz}.${cluster}.${basic}@fleetledger`;
}

function summaryOf({ nfz, cluster, scope }: CalendarOccurrence): string {
  const where = scope === null ? "" : `: ${placeOf(scope)}`;
  return `No-fly zone ${shownText(nfz)} in ${shownText(cluster)}${where}`;
}

const inFlightWords = {
  finish: "Rollouts in flight finish their step and pause.",
  pause: "Rollouts in flight pause.",
  rollback: "Rollouts in flight are rolled back.",
} as const;

function descriptionOf({ cluster, scope, inFlight, reason }: CalendarOccurrence): string {
  const where = scope === null ? "the whole cluster" : placeOf(scope);
  return [
    "No rollout or maintenance may start.",
    `Cluster: ${shownText(cluster)}`,
    `Where: ${where}`,
    inFlightWords[inFlight],
    ...(reason === null ? [] : [`Reason: ${shownLines(reason)}`]),
  ].join("\n");
}

/** Names that are shown of each kind; the list of nodes may be as long as the fleet. */
const shownNames = 10;

function placeOf({ nodes, racks, skus }: CalendarScope): string {
  const kinds = [namesOf("rack", racks), namesOf("SKU", skus), namesOf("node", nodes)].filter(
    (each) => each !== null,
  );
  return kinds.join("; ");
}

function namesOf(kind: string, names: readonly string[] | undefined): string | null {
  if (names === undefined || names.length === 0) return null;
  const shown = names.slice(0, shownNames).map(shownText).join(", ");
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : "";
  return `${kind}${names.length === 1 ? "" : "s"} ${shown}${more}`;
}
