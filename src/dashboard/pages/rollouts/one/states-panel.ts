/** The states of a rollout over time, with the zones that refused it. */
import type { Interval } from "../../../../../projections/arithmetic/intervals.ts";
import type { RolloutState } from "../../../../../projections/rollouts/status.ts";
import type { Html } from "../../../../reports/html/html.ts";
import { html } from "../../../../reports/html/html.ts";
import type { LanePiece } from "../../../charts/bars.ts";
import { lane } from "../../../charts/bars.ts";
import { spanAxis } from "../../../charts/span-axis.ts";
import type { PageContext } from "../../../frame/page.ts";
import { empty, panel } from "../../../frame/panel.ts";
import { durationText } from "../../../frame/times.ts";
import { zoneBandsOf } from "../../../cluster/cluster-facts.ts";
import { stateWords, whenHtml, zoneHref, zoneLinks } from "../words.ts";
import type { StateStretch } from "./one-rollout.ts";
import { namesOf, rolloutOf } from "./one-rollout.ts";
import { listTable } from "../../../tables/list-table.ts";

const kinds: Readonly<Record<RolloutState, string>> = {
  submitted: "s-queued",
  blocked: "nfz",
  releasable: "down",
  "in-progress": "s-run",
  paused: "s-paused",
  verifying: "s-verify",
  "rolling-back": "c-software",
  completed: "s-done",
  failed: "down",
  "rolled-back": "s-done",
  cancelled: "s-done",
  superseded: "s-done",
  unknown: "left",
};

/** Lanes of zones beside the states; the table names all. */
const zoneLanes = 6;

const hourMs = 3_600_000;

export async function statesPanel(context: PageContext): Promise<Html> {
  const { cluster, rollout } = namesOf(context);
  const { stretches, status } = await rolloutOf(context);
  const at = context.stand.at ?? 0;
  const title = "States";
  const [first] = stretches;
  if (first === undefined) {
    return panel("states", { title, body: empty("Nothing has happened to it by this instant.") });
  }
  const window = windowOf(first.from, at, status.endedBy?.occurredAt ?? null);
  const pieces = stretches.flatMap(piecesOf);
  const named = [...new Set(stretches.flatMap(({ heldBy }) => heldBy ?? []))];
  const bands = await zoneBandsOf(context, cluster);
  return panel("states", {
    title,
    png: true,
    body: html`<div class="state-lane">
        <span class="lane-name">${rollout}</span>
        <div class="lane-bar">
          ${lane(pieces, window, `States of ${rollout}`, at < window.to ? at : undefined)}
        </div>
        ${named.slice(0, zoneLanes).map((nfz) =>
          zoneLane(
            context,
            nfz,
            bands.filter((band) => band.nfz === nfz),
            window,
          ),
        )}
        <span></span>
        <div>${spanAxis(window, context.zone, at)}</div>
      </div>
      ${legend(stretches, named.length > 0)} ${table(context, stretches)}`,
  });
}

/** A stretch in its state's colour; what a zone holds in the middle of its way is hatched at its foot. */
function piecesOf(each: StateStretch): LanePiece[] {
  const { state, heldBy, from, to } = each;
  const title = stretchWords(each);
  const hatch = { kind: "nfz-box", from, to, title, pattern: "hatch-nfz" };
  if (state === "blocked") return [hatch];
  const piece = { kind: kinds[state], from, to, title };
  return heldBy === null ? [piece] : [piece, { ...hatch, top: 60, height: 40 }];
}

/** A little beyond now; what ended long ago is not pressed into a corner by the time since. */
function windowOf(from: number, at: number, endedAt: number | null): Interval {
  const last = endedAt ?? at;
  const room = Math.max(hourMs, (last - from) * 0.08);
  return { from, to: last + room };
}

function stretchWords({ state, heldBy }: StateStretch): string {
  return heldBy === null ? stateWords[state] : `${stateWords[state]}, held by ${heldBy.join(", ")}`;
}

/** The colours of the states that it was in. */
function legend(stretches: readonly StateStretch[], isHeld: boolean): Html {
  const states = [...new Set(stretches.map(({ state }) => state))].filter(
    (state) => state !== "blocked",
  );
  return html`<ul class="legend" aria-label="Legend">
    ${states.map(
      (state) => html`<li><i class="swatch ${kinds[state]}"></i>${stateWords[state]}</li>`,
    )}
    ${isHeld && html`<li><i class="swatch nfz"></i>held; below, the zones in force</li>`}
  </ul>`;
}

function zoneLane(
  context: PageContext,
  nfz: string,
  bands: readonly Interval[],
  window: Interval,
): Html {
  const { cluster } = namesOf(context);
  const pieces = bands.map(({ from, to }): LanePiece => ({
    kind: "nfz-box",
    from,
    to,
    title: `${nfz} in force`,
    pattern: "hatch-nfz",
  }));
  return html`<a class="lane-name mono" href="${zoneHref(context, cluster, nfz)}">${nfz}</a>
    <div class="lane-bar thin">${lane(pieces, window, `When ${nfz} is in force`)}</div>`;
}

function table(context: PageContext, stretches: readonly StateStretch[]): Html {
  const { cluster } = namesOf(context);
  return html`<details class="as-list">
    <summary>As a table</summary>
    ${listTable({
      title: "States",
      heads: ["State", "Since", { title: "For", kind: "number" }, "Held by"],
      rows: stretches.map(
        ({ state, from, to, heldBy }) =>
          html`<tr>
            <th scope="row">${stateWords[state]}</th>
            <td>${whenHtml(context, from)}</td>
            <td class="number">${durationText(to - from)}</td>
            <td>${heldBy !== null && zoneLinks(context, cluster, heldBy)}</td>
          </tr>`,
      ),
    })}
  </details>`;
}
