/** The windows that a reader switches between: last full month, running month, 90 days. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { parsePeriod, resolvePeriod, zoneNamed } from "../../../projections/time/period.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { ZoneOffsets } from "../../../projections/time/zone-table.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { DefaultPeriod } from "../../reports/default-period.ts";
import { defaultPeriod, namedPeriod } from "../../reports/default-period.ts";
import { neighbourPeriod } from "../../reports/neighbour-period.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { oneStep } from "../../turns.ts";
import { newestZones, zonesInForce } from "../../zones/zones.ts";
import type { PageContext } from "../frame/page.ts";
import { dayText, localTime, minuteText, monthNames } from "../frame/times.ts";

/** `March 2026` for a month; the days of a window between two instants; else the period as it is named. */
export function periodWords({ label, complete, zone }: SlaDocument["period"]): string {
  const match = /^(\d{4})-(\d{2})$/.exec(label);
  const month = monthNames[Number(match?.[2]) - 1];
  if (month !== undefined) return complete ? `${month} ${match?.[1]}` : `${month} so far`;
  const [, year, number, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(label) ?? [];
  if (day !== undefined)
    return `${Number(day)} ${monthNames[Number(number) - 1]?.slice(0, 3)} ${year}`;
  const offsets = newestZones().zone(zone);
  const ends = label.split("/").map((text) => Date.parse(text));
  if (offsets === null || ends.length < 2) return label;
  const contract = { name: zone, offsets };
  const isWhole = ends.every((end) => localTime(end, contract).second === "00:00:00");
  return ends
    .map((end) => (isWhole ? dayText(end, contract, null) : minuteText(end, contract, null)))
    .join(" – ");
}

/** `in March 2026`, `on 2 Jan 2026`, `in the window 14 Jan 2026 – 14 Apr 2026`. */
export function inPeriod(period: SlaDocument["period"]): string {
  const words = periodWords(period);
  if (words.includes("–")) return `in the window ${words}`;
  return /^\d{1,2} /.test(words) ? `on ${words}` : `in ${words}`;
}

function monthWords(label: string, isRunning: boolean): string {
  return periodWords({ label, complete: !isRunning, from: "", to: "", zone: "" });
}

/** The window of a page whose address names none: the last full month, or the last 90 days. */
type UsualWindow = "month" | "P90D";

/** `cluster` decides which months the ledger's time is in: contracts keep their own zones. */
export async function periodSwitch(
  context: PageContext,
  cluster: string | null,
  usually: UsualWindow = "month",
): Promise<Html | null> {
  if (cluster === null) return null;
  const chosen = context.query.period ?? null;
  const named = chosen ?? (usually === "month" ? null : usually);
  const months = await context.once(`months around ${named}`, cluster, (view) =>
    oneStep(() => monthsOf(view, named)),
  );
  if (months === null) return null;
  const { usual, running } = months;
  const hasWindow = context.written.has("from");
  const unnamed = usually === "P90D" ? usually : usual.isFull ? usual.label : running;
  const choices = [
    ...(usual.isFull
      ? [{ value: usual.label, label: usual.label, words: monthWords(usual.label, false) }]
      : []),
    { value: "this-month", label: running, words: monthWords(running, true) },
    { value: "P90D", label: "P90D", words: "90 days" },
  ].map((choice) => (choice.label === unnamed ? { ...choice, value: null } : choice));
  const isChosen = ({ value, label }: { value: string | null; label: string }) =>
    !hasWindow && (chosen === value || chosen === label || (chosen === null && value === null));
  const links = choices.map((choice) => {
    const href = context.here({ period: choice.value, from: null, to: null });
    return html`<a href="${href}" ${isChosen(choice) && { html: 'aria-current="true"' }}
      >${choice.words}</a
    >`;
  });
  const other =
    hasWindow || (chosen !== null && !choices.some(isChosen))
      ? html`<span aria-current="true"
          >${hasWindow ? "another window" : monthWords(chosen ?? "", false)}</span
        >`
      : null;
  const { from, to } = context.query;
  const shown =
    from !== undefined && to !== undefined
      ? `${formatInstant(from)}/${formatInstant(to)}`
      : months.shown;
  return html`<nav class="switch" aria-label="Period">
    ${stepLink(context, months, { shown, unnamed, step: -1 })}${other}${links}${stepLink(context, months, { shown, unnamed, step: 1 })}
  </nav>`;
}

interface Months {
  readonly usual: DefaultPeriod;
  readonly running: string;
  /** The period that the page shows, by its calendar's name or its two instants. */
  readonly shown: string;
  readonly zone: ZoneOffsets;
  /** From the first fact to the page's position: periods without any of it are not gone to. */
  readonly known: Interval;
}

function monthsOf(view: ClusterView, named: string | null): Months | null {
  const usual = defaultPeriod(view);
  const head = view.headRecordedAt;
  if (usual === null || head === null) return null;
  const firstFactAt = Math.min(view.firstFactAt("node"), view.firstFactAt("job"), head);
  return {
    usual,
    running: namedPeriod(view, "this-month"),
    shown: namedPeriod(view, named ?? usual.label),
    zone: zoneNamed(usual.zone, zonesInForce(view.zoneTable)),
    known: { from: firstFactAt, to: head },
  };
}

interface PeriodStep {
  readonly shown: string;
  /** The period of an address that names none. */
  readonly unnamed: string;
  readonly step: -1 | 1;
}

/** The way to the period before or after, which `[` and `]` go, too; nothing where the ledger knows nothing of it. */
function stepLink(
  context: PageContext,
  { zone, known }: Months,
  { shown, unnamed, step }: PeriodStep,
): Html | null {
  const label = neighbourPeriod(shown, step);
  const window = label === null ? null : windowNamed(label, zone);
  if (label === null || window === null) return null;
  if (window.to <= known.from || window.from >= known.to) return null;
  const [from = null, to = null] = label.includes("/") ? label.split("/") : [];
  const period = from !== null || label === unnamed ? null : label;
  const [rel, words, sign] =
    step === -1 ? ["prev", "The period before", "‹"] : ["next", "The period after", "›"];
  return html`<a
    class="step"
    rel="${rel}"
    href="${context.here({ period, from, to })}"
    aria-label="${words}"
    >${sign}</a
  >`;
}

/** `null` if the zone skips the period. */
function windowNamed(label: string, zone: ZoneOffsets): Interval | null {
  try {
    return resolvePeriod(parsePeriod(label), zone, label);
  } catch (error) {
    if (error instanceof RefusedRequest) return null;
    throw error;
  }
}
