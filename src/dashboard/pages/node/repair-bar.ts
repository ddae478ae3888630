/** One fault's repair as a bar of its segments. */
import { repairPiecesOf } from "../../../../projections/figures/repair/repair-segments.ts";
import type { RepairPiece } from "../../../../projections/figures/repair/repair-segments.ts";
import type { CountedFault } from "../../../../projections/nodes/timeline.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { stackedBar } from "../../charts/bars.ts";
import { durationText } from "../../frame/times.ts";

interface ShownPiece {
  /** A class of the style sheet. */
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

const words = {
  detect: "until it was noticed",
  wait: "wait",
  drain: "drain",
  diagnose: "diagnose",
  repair: "repair",
  validate: "validate",
} as const satisfies Readonly<Record<RepairPiece["segment"], string>>;

/** The pieces up to the fault's end or `now`; one plain piece where its events say nothing of the repair. */
export function shownPieces(fault: CountedFault, now: number): readonly ShownPiece[] {
  const to = Math.min(fault.to, now);
  const pieces = repairPiecesOf(fault, to);
  if (pieces === null)
    return [{ kind: "s-untold", from: fault.from, to, words: "nothing is told of the repair" }];
  return pieces.map(({ segment, ...piece }) => ({
    kind: `s-${segment}`,
    ...piece,
    words: words[segment],
  }));
}

export function repairBar(fault: CountedFault, now: number): Html {
  const pieces = shownPieces(fault, now);
  const whole = Math.min(fault.to, now) - fault.from;
  return stackedBar(
    pieces.map(({ kind, from, to, words: text }) => ({
      kind,
      part: whole === 0 ? 0 : (to - from) / whole,
      title: `${text}: ${durationText(to - from)}`,
    })),
    pieces.map(({ from, to, words: text }) => `${text} ${durationText(to - from)}`).join(", "),
  );
}

export function repairLegend(): Html {
  const entries = Object.entries(words).map(
    ([segment, text]) => html`<li><i class="swatch s-${segment}"></i>${text}</li>`,
  );
  return html`<ul class="legend" aria-label="Segments of repairs">
    ${entries}
    <li><i class="swatch s-untold"></i>not told</li>
  </ul>`;
}
