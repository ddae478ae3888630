/** The document around a page's panels: header, navigation, the rail of time, banners. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { DashboardAssets } from "../build/assets.ts";
import { brand } from "./brand.ts";
import { whole } from "./figures.ts";
import { keptFields } from "./kept-fields.ts";
import type { PageContext, Place } from "./page.ts";
import { places } from "./page.ts";
import { durationText, secondText, timeHtml } from "./times.ts";
import { pathSegment } from "../../path-segment.ts";

interface DocumentParts {
  readonly title: string;
  readonly place: Place | null;
  readonly main: Html;
  readonly banners: readonly Html[];
  /** Zones that the reader may choose, beside UTC and the browser's own. */
  readonly zones: readonly string[];
  /** What its charts are filled with: SVG needs it in the same document. */
  readonly patterns: Html;
}

/** A whole page. It loads nothing from other sites. */
export function document(
  context: PageContext,
  { title, place, main, banners, zones, patterns }: DocumentParts,
  assets: DashboardAssets,
): string {
  const { stand, query } = context;
  return html`<!doctype html>
    <html
      lang="en"
      class="${query.print === true ? "print" : stand.isPast ? "past" : "live"}"
      data-sequence="${stand.sequence}"
      data-at="${stand.at}"
      data-zone="${context.zone.name}"
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – fleetledger</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${assets.themeScript !== null && html`<script src="${assets.themeScript}"></script>`}
        ${assets.styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
        ${assets.script !== null && html`<script src="${assets.script}" type="module"></script>`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the figures</a>
        <header class="top">${navigation(context, place, zones)} ${rail(context)}</header>
        <div id="banners">
          ${banners}${assets.warning !== null && banner("notice", assets.warning)}
        </div>
        <main id="main" tabindex="-1">${query.print === true ? unfolded(main) : main}</main>
        ${footer(context)} ${patterns}
      </body>
    </html> `.html;
}

/** Nobody opens a fold on paper. */
function unfolded({ html: text }: Html): Html {
  return { html: text.replaceAll("<details", "<details open") };
}

/** A line over every page about what makes its figures doubtful; a remark is no warning. */
export function banner(kind: "alarm" | "notice" | "remark", words: Html | string): Html {
  return html`<p class="banner ${kind}" role="${kind === "alarm" ? "alert" : "status"}">
    ${words}
  </p>`;
}

/** Where each place is found: nodes and jobs are those of one cluster. */
function addressOf(place: Place, { clusters, params, reader }: PageContext): string {
  const cluster = params["cluster"] ?? clusters[0];
  const ofCluster = cluster === undefined ? "/" : `/clusters/${pathSegment(cluster)}`;
  return {
    fleet: "/",
    nodes: ofCluster,
    jobs: cluster === undefined ? "/" : `${ofCluster}/jobs`,
    rollouts: "/rollouts",
    reports: "/reports",
    // Who may not read proofs may read events.
    audit: reader.may("GET", "/audit") ? "/audit" : "/audit/events",
  }[place];
}

function navigation(context: PageContext, here: Place | null, zones: readonly string[]): Html {
  const links = Object.entries(places).map(([name, { title, key }]) => {
    const place = name as Place;
    const href = context.link(addressOf(place, context));
    const current = place === here ? { html: 'aria-current="page"' } : null;
    return html`<a href="${href}" data-key="${key}" ${current}>${title}</a>`;
  });
  return html`<div class="bar">
    ${brand(context.link("/"))}
    <nav aria-label="Main">${links}</nav>
    <form class="find" action="/find" method="get" role="search" data-island="find">
      <label class="hidden" for="find">Find node, job, event</label>
      <input
        id="find"
        name="q"
        type="search"
        placeholder="Find node, job, event"
        autocomplete="off"
      />
      <kbd aria-hidden="true">/</kbd>
      ${context.stand.isPast && html`<input type="hidden" name="asOf" value="${context.stand.sequence}" />`}
      ${context.written.has("zone") && html`<input type="hidden" name="zone" value="${context.zone.name}" />`}
    </form>
    <button
      type="button"
      class="tool"
      id="zone"
      data-island="zone"
      data-zones="${zones.join(" ")}"
      aria-haspopup="listbox"
      aria-label="Time zone: ${context.zone.name}"
    >
      ${context.zone.name === "Etc/UTC" ? "UTC" : context.zone.name}
    </button>
    <button type="button" class="tool" id="theme" aria-label="Light or dark">${moon}</button>
    ${session(context)}
  </div>`;
}

/** Whose session this browser has, and the way out of it. */
function session({ reader }: PageContext): Html | null {
  if (reader.session === null) return null;
  return html`<form class="session" method="post" action="/logout">
    <button type="submit" class="tool" title="Logged in with the key of ${reader.session}">
      Log out <span class="who-am-i">${reader.session}</span>
    </button>
  </form>`;
}

const moon: Html = {
  html: `<svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M7 1.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/></svg>`,
};

/** Time travel: where the page stands, and the way to any other position. */
function rail(context: PageContext): Html {
  const { stand, query } = context;
  // Paper does not move on: it says which position it shows.
  const state =
    stand.isPast || query.print === true
      ? html`<span class="pill past">as of</span>`
      : html`<span class="pill live" id="live" role="status" data-state="on"
          ><span class="dot" aria-hidden="true"></span><span class="words">Live</span></span
        >`;
  return html`<div class="rail">
    ${state}
    <a
      class="sequence mono"
      id="position"
      href="${context.link("/audit/events", { asOf: String(stand.sequence) })}"
      >#${whole(stand.sequence)}</a
    >
    <span class="when" id="when">${whenHtml(context)}</span>
    ${stand.isPast && html`<span class="behind"><span id="behind"></span><a href="${context.here({ asOf: null, asOfTime: null })}">back to now</a></span>`}
    <div class="track" data-island="rail">
      <form class="look-back" method="get" action="${context.path}">
        <label for="as-of">Look back to sequence</label>
        <input
          id="as-of"
          name="asOf"
          inputmode="numeric"
          pattern="[0-9]+"
          value="${stand.isPast ? stand.sequence : ""}"
        />
        ${keptFields(context.written, ["asOf", "asOfTime"])}
        <button type="submit">Go</button>
      </form>
    </div>
  </div>`;
}

/** When the last event was recorded and, on a live page, how long ago that is once it is more than a few minutes. */
export function whenHtml({ stand, zone }: PageContext): Html {
  const { recordedAt, at, isPast } = stand;
  if (recordedAt === null) return html`the ledger is empty`;
  const name = zone.name === "Etc/UTC" ? "UTC" : zone.name;
  const time = timeHtml(recordedAt, `${secondText(recordedAt, zone, null)} ${name}`);
  const age = isPast || at === null ? 0 : at - recordedAt;
  return age < oldMs ? time : html`${time} · last event ${durationText(age)} ago`;
}

const oldMs = 5 * 60_000;

function footer(context: PageContext): Html {
  return html`<footer>
    <nav aria-label="More">
      <a href="/docs/">API</a>
      ${context.reader.may("GET", "/metrics") && html`<a href="/metrics">Metrics</a>`}
      <a href="/problems">Errors</a>
      <a href="${context.here({ print: "1" })}">Print</a>
      <button type="button" id="keys-button">Keyboard <kbd>?</kbd></button>
    </nav>
  </footer>`;
}
