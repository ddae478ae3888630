/** The line under a chart of any length of time: hours where it is short, days and months where it is long. */
import { offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { DisplayZone } from "../frame/times.ts";
import { dayText, localTime, secondText } from "../frame/times.ts";
import { timeAxis } from "./axis.ts";
import type { Span } from "./scale.ts";
import { pc, share } from "./scale.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** From here on, days are labelled. */
const longMs = 4 * dayMs;

/** Steps between labels, in minutes. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440] as const;

/** Labels closer than this to an end, in percent, would overlap the end's own. */
const leastGap = 12;

/** `end` is what stands at the right; by default the instant at which the chart ends. */
export function spanAxis(window: Span, zone: DisplayZone, now: number | null, end?: string): Html {
  const lengthMs = window.to - window.from;
  if (lengthMs >= longMs) return timeAxis(window, zone, now, end ?? dayText(window.to, zone, now));
  const step = (steps.find((each) => each * minuteMs * 7 >= lengthMs) ?? 1_440) * minuteMs;
  const offsetMs = offsetMsAt(zone.offsets, window.from);
  const labels: Html[] = [];
  for (
    let at = Math.ceil((window.from + offsetMs) / step) * step - offsetMs;
    at < window.to;
    at += step
  ) {
    const left = share(at, window);
    if (left < leastGap || left > 100 - leastGap) continue;
    const { minute, day, month } = localTime(at, zone);
    labels.push(
      html`<text x="${pc(left)}" y="11" text-anchor="middle"
        >${minute === "00:00" ? `${day} ${month}` : minute}</text
      >`,
    );
  }
  return html`<svg class="axis" width="100%" height="14" aria-hidden="true">
    <text x="0" y="11">${edgeText(window.from, zone, now)}</text>
    ${labels}
    <text x="100%" y="11" text-anchor="end">${end ?? edgeText(window.to, zone, now)}</text>
  </svg>`;
}

function edgeText(ms: number, zone: DisplayZone, now: number | null): string {
  return `${dayText(ms, zone, now)} ${secondText(ms, zone, ms)}`;
}
