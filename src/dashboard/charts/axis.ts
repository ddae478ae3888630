/** The line of dates under a chart. */
import { offsetMsAt } from "../../../projections/time/zone-table.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { DisplayZone } from "../frame/times.ts";
import { dayText, localTime } from "../frame/times.ts";
import type { Span } from "./scale.ts";
import { axisTicks, pc, share } from "./scale.ts";

/** Labels closer than this, in percent, would overlap. */
const leastGap = 9;

/** `end` is what stands at the right: `now`, or a date. */
export function timeAxis(window: Span, zone: DisplayZone, now: number | null, end = "now"): Html {
  const first = dayText(window.from, zone, now);
  let last = 0;
  let lastKept = 0;
  const labels = axisTicks(window, offsetMsAt(zone.offsets, window.from)).flatMap(
    ({ at, isMonth }) => {
      const left = share(at, window);
      if (left - last < leastGap || left > 100 - leastGap) return [];
      last = left;
      // On a narrow screen there is room for half of them.
      const isSpare = left - lastKept < 2 * leastGap || left > 100 - 2 * leastGap;
      if (!isSpare) lastKept = left;
      const { month, day } = localTime(at, zone);
      return [
        html`<text class="${isSpare ? "spare" : ""}" x="${pc(left)}" y="11" text-anchor="middle"
          >${isMonth ? month : `${day} ${month}`}</text
        >`,
      ];
    },
  );
  return html`<svg class="axis" width="100%" height="14" aria-hidden="true">
    <text x="0" y="11">${first}</text>
    ${labels}
    <text x="100%" y="11" text-anchor="end">${end}</text>
  </svg>`;
}

/** The labels of an upright axis, 28 px wide: its ends, and the target where it lies. `height` is the chart's, in px. */
export function valueAxis(range: Span, target: number, height: number): Html {
  const labels = [range.to, target, range.from].map(
    (value) =>
      html`<text
        x="100%"
        y="${pc(100 - share(value, range))}"
        text-anchor="end"
        dy="${value === range.to ? "0.8em" : value === range.from ? "0" : "0.35em"}"
      >
        ${Number(value.toFixed(3))}
      </text>`,
  );
  return html`<svg class="axis y-axis" width="28" height="${height}" aria-hidden="true">
    ${labels}
  </svg>`;
}
