/** The calendar of no-fly zones: a row a week, hatched while one is in force. */
import { calendarLanes, calendarWeeks, listedOccurrences } from "../../../limits/pages.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { pc } from "../../charts/scale.ts";
import type { Week } from "../../charts/week-calendar.ts";
import { lanesOf, shareOfWeek, weeksAround } from "../../charts/week-calendar.ts";
import { counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText, localTime } from "../../frame/times.ts";
import { shownClusters } from "./board-rows.ts";
import { inFlightWords, scopeWords, whenHtml, zoneHref } from "./words.ts";
import type { ZoneOccurrence } from "./zone-occurrences.ts";
import { occurrencesIn } from "./zone-occurrences.ts";

/** Heights in pixels: the days' numbers, and a lane with its gap. */
const headHeight = 20;
const laneHeight = 25;
const boxHeight = 22;

/** Of a week's width, in percent: a box too narrow for its name has none, rather than a piece of it. */
const shareOfLetter = 0.5;

export async function calendarPanel(context: PageContext): Promise<Html> {
  const { stand, zone } = context;
  const title = "Calendar of no-fly zones";
  const { cluster } = context.filters;
  const calendar = context.api("/v1/nfz.ics", { cluster });
  const weeks = weeksAround(stand.at ?? 0, zone.offsets, calendarWeeks);
  const window = { from: weeks[0]?.from ?? 0, to: weeks.at(-1)?.to ?? 0 };
  const between = { from: formatInstant(window.from), to: formatInstant(window.to) };
  const all = await occurrencesIn(context, window);
  const zones = new Set(all.map(({ nfz }) => nfz)).size;
  const range = `the ${calendarWeeks.past} weeks before this one and the ${calendarWeeks.next} after it`;
  const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  return panel("calendar", {
    title,
    note:
      all.length === 0
        ? null
        : `${counted(all.length, "occurrence")} of ${counted(zones, "zone")}; ${range}`,
    csv: context.api("/v1/nfz", { cluster, ...between, format: "csv" }),
    png: all.length > 0,
    tools: html`<a href="${calendar}">Subscribe (iCalendar)</a>`,
    body: html`${all.length === 0 && empty(`No zone is in force in ${range}.`)}
      <div class="calendar">
        <div class="week names" aria-hidden="true">
          <span></span>
          <ol>
            ${names.map((name) => html`<li>${name}</li>`)}
          </ol>
        </div>
        ${weeks.map((week, i) => weekHtml(context, week, i, all))}
      </div>
      ${all.length > 0 && list(context, all)}`,
  });
}

function weekHtml(
  context: PageContext,
  week: Week,
  index: number,
  all: readonly ZoneOccurrence[],
): Html {
  const { zone, stand } = context;
  const shown = all.filter(({ from, to }) => from < week.to && to > week.from);
  const lanes = lanesOf(shown);
  const count = Math.min(calendarLanes, Math.max(0, ...lanes.map((each) => each + 1)));
  const hidden = lanes.filter((each) => each >= calendarLanes).length;
  const height = headHeight + Math.max(1, count) * laneHeight;
  const first = localTime(week.from, zone);
  const firstOfMonth = week.days.slice(0, 7).find((day) => localTime(day, zone).day === 1);
  const month =
    firstOfMonth !== undefined
      ? localTime(firstOfMonth, zone).month
      : index === 0
        ? first.month
        : "";
  const isPast = stand.at !== null && week.to <= stand.at;
  const boxes = shown.map((each, i) => {
    const lane = lanes[i] ?? 0;
    return lane >= calendarLanes ? null : box(context, each, week, lane);
  });
  return html`<div class="week ${isPast && "past"}">
    <span class="month">${month}</span>
    <div class="days">
      <svg
        width="100%"
        height="${height}"
        role="group"
        aria-label="Week of ${first.day} ${first.month}: ${counted(shown.length, "no-fly zone")}"
      >
        ${days(context, week)} ${boxes} ${nowLine(week, stand.at)}
      </svg>
      ${hidden > 0 && html`<p class="sub">${whole(hidden)} more in the list</p>`}
    </div>
  </div>`;
}

function days({ zone, stand }: PageContext, week: Week): Html[] {
  return week.days.slice(0, 7).map((day, i) => {
    const { day: number, month } = localTime(day, zone);
    const next = week.days[i + 1] ?? week.to;
    const isToday = stand.at !== null && day <= stand.at && stand.at < next;
    const left = (i * 100) / 7;
    return html`${i > 0 && html`<line class="day-line" x1="${pc(left)}" x2="${pc(left)}" y1="0" y2="100%" />`}
      <text class="day ${isToday && "today"}" x="${pc(left)}" dx="5" y="13" aria-hidden="true">
        ${number === 1 ? `${number} ${month}` : number}
      </text>`;
  });
}

function nowLine(week: Week, at: number | null): Html | null {
  if (at === null || at < week.from || at >= week.to) return null;
  const x = pc(shareOfWeek(at, week));
  return html`<line class="now" x1="${x}" x2="${x}" y1="0" y2="100%" />`;
}

/** An occurrence, as far as it lies in the week: a hatched band, and under it the zone's name. */
function box(context: PageContext, each: ZoneOccurrence, week: Week, lane: number): Html {
  const { nfz, clusters, from, to } = each;
  const [left, right] = [shareOfWeek(from, week), shareOfWeek(to, week)];
  const y = headHeight + lane * laneHeight;
  const where =
    clusters.length === shownClusters(context).length
      ? ""
      : ` · ${clusters.length > 2 ? counted(clusters.length, "cluster") : clusters.join(", ")}`;
  const part = each.scope === undefined ? "" : " · part";
  const words = `${nfz} in ${clusters.join(", ")}, ${scopeWords(each.scope)}: ${formatInstant(from)} to ${formatInstant(to)}`;
  return html`<a href="${zoneHref(context, clusters[0] ?? "", nfz)}">
    <title>${words}</title>
    <svg x="${pc(left)}" width="${pc(right - left)}" y="${y}" height="${boxHeight}">
      <rect class="zone-box ${each.scope !== undefined && "part"}" width="100%" height="100%" />
      <rect width="100%" height="6" fill="url(#hatch-nfz)" />
      ${from >= week.from && html`<rect class="edge" width="2" height="100%" />`}
      ${
        right - left >= nfz.length * shareOfLetter &&
        html`<text x="5" y="17">
          ${nfz}
          <tspan class="where">${where}${part}</tspan>
        </text>`
      }
    </svg>
  </a>`;
}

/** The same as text. */
function list(context: PageContext, all: readonly ZoneOccurrence[]): Html {
  const shown = all.slice(0, listedOccurrences);
  return html`<details class="as-list">
    <summary>As a list</summary>
    <div class="scroll" role="region" tabindex="0" aria-label="No-fly zones as a list">
      <table class="list">
        <caption>
          ${shown.length < all.length && `The first ${shown.length} of ${whole(all.length)} occurrences; `}times
          in ${context.zone.name === "Etc/UTC" ? "UTC" : context.zone.name}
        </caption>
        <thead>
          <tr>
            <th scope="col">Zone</th>
            <th scope="col">Clusters</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" class="number">For</th>
            <th scope="col">Where</th>
            <th scope="col">When it begins</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((each) => listLine(context, each))}
        </tbody>
      </table>
    </div>
  </details>`;
}

function listLine(context: PageContext, each: ZoneOccurrence): Html {
  const { nfz, clusters, from, to, scope, inFlight } = each;
  return html`<tr>
    <th scope="row"><a href="${zoneHref(context, clusters[0] ?? "", nfz)}">${nfz}</a></th>
    <td>${clusters.join(", ")}</td>
    <td>${whenHtml(context, from)}</td>
    <td>${whenHtml(context, to)}</td>
    <td class="number">${durationText(to - from)}</td>
    <td>${scopeWords(scope)}</td>
    <td>${inFlight !== null && inFlightWords[inFlight]}</td>
  </tr>`;
}
