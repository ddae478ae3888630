/** The windows that a reader switches between: last full month, running month, 90 days. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import { defaultPeriod, namedPeriod } from "../../reports/default-period.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { oneStep } from "../../turns.ts";
import { newestZones } from "../../zones/zones.ts";
import type { PageContext } from "../frame/page.ts";
import { dayText, localTime, minuteText } from "../frame/times.ts";

const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `March 2026` for a month; the days of a window between two instants; else the period as it is named. */
export function periodWords({ label, complete, zone }: SlaDocument["period"]): string {
  const match = /^(\d{4})-(\d{2})$/.exec(label);
  const month = monthNames[Number(match?.[2]) - 1];
  if (month !== undefined) return complete ? `${month} ${match?.[1]}` : `${month} so far`;
  const offsets = newestZones().zone(zone);
  const ends = label.split("/").map((text) => Date.parse(text));
  if (offsets === null || ends.length < 2) return label;
  const contract = { name: zone, offsets };
  const isWhole = ends.every((end) => localTime(end, contract).second === "00:00:00");
  return ends
    .map((end) => (isWhole ? dayText(end, contract, null) : minuteText(end, contract, null)))
    .join(" – ");
}

function monthWords(label: string, isRunning: boolean): string {
  return periodWords({ label, complete: !isRunning, from: "", to: "", zone: "" });
}

/** `cluster` decides which months the ledger's time is in: contracts keep their own zones. */
export async function periodSwitch(
  context: PageContext,
  cluster: string | null,
): Promise<Html | null> {
  if (cluster === null) return null;
  const months = await context.once("months", cluster, (view) =>
    oneStep(() => ({
      usual: defaultPeriod(view),
      running: view.headRecordedAt === null ? null : namedPeriod(view, "this-month"),
    })),
  );
  if (months.usual === null || months.running === null) return null;
  const { usual, running } = months;
  const chosen = context.written.get("period");
  const hasWindow = context.written.has("from");
  const choices = [
    ...(usual.isFull
      ? [{ value: null, label: usual.label, words: monthWords(usual.label, false) }]
      : []),
    { value: usual.isFull ? "this-month" : null, label: running, words: monthWords(running, true) },
    { value: "P90D", label: "P90D", words: "90 days" },
  ];
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
      ? html`<span aria-current="true">${hasWindow ? "another window" : chosen}</span>`
      : null;
  return html`<nav class="switch" aria-label="Period">${other}${links}</nav>`;
}
