/** The line under a chart of any length of time: hours where it is short, days and months where it is long. */
import { offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { DisplayZone } from "../frame/times.ts";
import { dayText, localTime, secondText } from "../frame/times.ts";
import type { Tick } from "./plot.ts";
import type { Span } from "./scale.ts";
import { axisTicks, pc, share } from "./scale.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** From here on, days are labelled. */
const longMs = 4 * dayMs;

/** Steps between labels, in minutes. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440] as const;

/** Labels closer than this, in percent, would overlap on a phone. */
const leastGap = 17;

/** `end` is what stands at the right; by default the instant at which the chart ends. */
export function spanAxis(window: Span, zone: DisplayZone, now: number | null, end?: string): Html {
  const labels = spanTicks(window, zone, now)
    .filter(({ at }) => at <= 100 - leastGap)
    .map(
      ({ at, label }) =>
        html`<text x="${pc(at)}" y="11" text-anchor="${at === 0 ? "start" : "middle"}"
          >${label}</text
        >`,
    );
  return html`<svg class="axis" width="100%" height="14" aria-hidden="true">
    ${labels}
    <text x="100%" y="11" text-anchor="end">${end ?? edgeText(window.to, window, zone, now)}</text>
  </svg>`;
}

/** The start, and round times after it. */
export function spanTicks(window: Span, zone: DisplayZone, now: number | null): Tick[] {
  const isLong = window.to - window.from >= longMs;
  const ticks: Tick[] = [{ at: 0, label: edgeText(window.from, window, zone, now) }];
  // The start of a short chart is labelled with its date and its time.
  let last = isLong ? 0 : leastGap / 2;
  for (const instant of isLong ? daysIn(window, zone) : hoursIn(window, zone)) {
    const at = share(instant, window);
    if (at - last < leastGap) continue;
    last = at;
    const { minute } = localTime(instant, zone);
    ticks.push({ at, label: minute === "00:00" ? dayText(instant, zone, now) : minute });
  }
  return ticks;
}

function daysIn(window: Span, zone: DisplayZone): number[] {
  return axisTicks(window, offsetMsAt(zone.offsets, window.from)).map(({ at }) => at);
}

function hoursIn({ from, to }: Span, zone: DisplayZone): number[] {
  const step = (steps.find((each) => each * minuteMs * 6 >= to - from) ?? 1_440) * minuteMs;
  const offsetMs = offsetMsAt(zone.offsets, from);
  const first = Math.ceil((from + offsetMs) / step) * step - offsetMs;
  return Array.from({ length: Math.ceil((to - first) / step) }, (_, i) => first + i * step);
}

function edgeText(ms: number, { from, to }: Span, zone: DisplayZone, now: number | null): string {
  const day = dayText(ms, zone, now);
  return to - from >= longMs ? day : `${day} ${secondText(ms, zone, ms)}`;
}
