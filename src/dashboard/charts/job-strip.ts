/** A job's strip: its time by what became of it, and above it a sign at each break. */
import type { StripPieces } from "../../../projections/figures/grid/strip-pieces.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { Cause } from "./causes.ts";
import { causes } from "./causes.ts";
import type { Span } from "./scale.ts";
import { pc, share } from "./scale.ts";

/** Solid pieces are drawn in a box of this width that stretches, each kind as one path. */
const width = 1_000;

interface JobStripChart {
  readonly strip: StripPieces;
  readonly window: Span;
  readonly label: string;
  /** The lanes of signs, from the top; by default those of the causes that the strip has. */
  readonly lanes?: readonly Cause[];
  /** Names a break that is pointed at. */
  readonly titleOf?: (each: StripPieces["breaks"][number]) => string;
}

/** Height of a lane of signs. */
const laneHeight = 10;

const barHeight = 14;

export function jobStripChart({ strip, window, label, lanes, titleOf }: JobStripChart): Html {
  const { runs, checkpointing, paused, lost, interrupted, breaks } = strip;
  const shown = lanes ?? causes.filter((cause) => breaks.some(({ kind }) => kind === cause));
  const top = shown.length * laneHeight;
  const lostRects = causes.flatMap((cause) =>
    lost[cause].map(({ from, to }) => {
      const left = share(from, window);
      return html`<rect
        class="lost"
        x="${pc(left)}"
        width="${pc(share(to, window) - left)}"
        y="${top}"
        height="${barHeight}"
        fill="url(#hatch-${cause})"
      />`;
    }),
  );
  const signs = breaks.map((each) => {
    const y = shown.indexOf(each.kind) * laneHeight + laneHeight / 2;
    const title = titleOf !== undefined && html`<title>${titleOf(each)}</title>`;
    return html`<use
      href="#sign-${each.kind}"
      class="c-${each.kind}"
      x="${pc(share(each.at, window))}"
      y="${y}"
      >${title}</use
    >`;
  });
  const base = stretched(top, window, [
    ["kept", runs, full],
    ["ckpt", checkpointing, full],
  ]);
  const breaksAndPauses = stretched(top, window, [
    ["not-running", paused, full],
    ["paused", paused, middle],
    ...causes.map((cause) => [`interrupted c-${cause}`, interrupted[cause], full] as const),
  ]);
  return html`<svg
    class="job-strip"
    role="img"
    aria-label="${label}"
    width="100%"
    height="${top + barHeight}"
  >
    ${base}${lostRects}${breaksAndPauses}${signs}
  </svg>`;
}

/** Which part of the strip's height a kind fills, from the top and how much, of 10. */
const full = [0, 10] as const;
const middle = [4, 2] as const;

type Layer = readonly [kind: string, pieces: readonly Span[], height: readonly [number, number]];

function stretched(y: number, window: Span, layers: readonly Layer[]): Html | null {
  const paths = layers
    .filter(([, pieces]) => pieces.length > 0)
    .map(([kind, pieces, [top, height]]) => {
      const d = pieces.map(({ from, to }) => {
        const left = (share(from, window) / 100) * width;
        const long = (share(to, window) / 100) * width - left;
        return `M${short(left)} ${top}h${short(long)}v${height}h${short(-long)}z`;
      });
      return html`<path class="${kind}" d="${d.join("")}" />`;
    });
  if (paths.length === 0) return null;
  return html`<svg
    y="${y}"
    width="100%"
    height="${barHeight}"
    viewBox="0 0 ${width} 10"
    preserveAspectRatio="none"
  >
    ${paths}
  </svg>`;
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}
