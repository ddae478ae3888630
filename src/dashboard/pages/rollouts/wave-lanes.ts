/** The waves of a release plan over time: a lane each, one after the other, none before its zones are over. */
import type { releasePlanAnswer } from "../../../answers/release-plan/release-plan.ts";
import { instantMs } from "../../../../projections/time/instant.ts";
import { shownWaves } from "../../../limits/pages.ts";
import { type Html, html } from "../../../reports/html/html.ts";
import { timeAxis } from "../../charts/axis.ts";
import type { LanePiece } from "../../charts/bars.ts";
import { lane } from "../../charts/bars.ts";
import type { PageContext } from "../../frame/page.ts";
import { dayText, durationText } from "../../frame/times.ts";

type Plan = Awaited<ReturnType<typeof releasePlanAnswer>>;

interface Placed {
  /** When its zones let it start; `null` if that is not known. */
  readonly free: number | null;
  readonly from: number;
  readonly to: number;
}

/** A wave takes as long as its batches do, one after the other, and begins when the one before has ended. */
function placed(waves: Plan["waves"], at: number): Placed[] {
  let ready = at;
  return waves.map(({ notBefore, nodeMs, touched, batches }) => {
    const free = notBefore === null ? null : instantMs(notBefore);
    const from = Math.max(ready, free ?? ready);
    const to = from + (touched === 0 ? 0 : Math.ceil(nodeMs / touched) * batches);
    ready = to;
    return { free, from, to };
  });
}

export function waveLanes(context: PageContext, { waves }: Plan): Html | null {
  const at = context.stand.at ?? 0;
  const all = placed(waves.slice(0, shownWaves), at);
  // When a zone without an end lets go is not known, and neither is what comes after it.
  const unknown = all.findIndex(({ free }) => free === null);
  const shown = unknown === -1 ? all : all.slice(0, unknown);
  const end = Math.max(at, ...shown.map(({ to }) => to));
  if (end === at) return null;
  const window = { from: at, to: end + (end - at) * 0.04 };
  return html`<div class="state-lane waves-lanes">
      ${shown.map((wave, i) => waveLane(wave, i, window))}
      <span></span>
      <div>${timeAxis(window, context.zone, at, dayText(window.to, context.zone, at))}</div>
    </div>
    <ul class="legend" aria-label="Legend">
      ${shown.some(({ free }) => isHeld(free, at)) && html`<li><i class="swatch nfz"></i>a no-fly zone holds it</li>`}
      <li><i class="swatch s-run"></i>its batches, one after the other, as declared</li>
    </ul>`;
}

function isHeld(free: number | null, at: number): boolean {
  return free !== null && free > at;
}

function waveLane({ free, from, to }: Placed, i: number, window: { from: number; to: number }) {
  const name = `Wave ${i + 1}`;
  const { from: now } = window;
  const held: LanePiece[] = isHeld(free, now)
    ? [{ kind: "nfz-box", pattern: "hatch-nfz", from: now, to: free ?? now, title: "held" }]
    : [];
  // However short it is beside the wait, it is seen.
  const least = (window.to - window.from) * 0.004;
  const title = `${name}: ${durationText(to - from)}`;
  const run: LanePiece = { kind: "s-run", from, to: Math.max(to, from + least), title };
  return html`<span class="lane-name">${name}</span>
    <div class="lane-bar">${lane([...held, run], window, title)}</div>`;
}
