/** Bars that stretch with the page: stacked shares, ages against a target, lanes over time. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { Span } from "./scale.ts";
import { pc, share } from "./scale.ts";

export interface Segment {
  /** A class of the style sheet that says what it is: `down`, `c-fault`, `kept`. */
  readonly kind: string;
  /** Its part of the whole, from 0 to 1. */
  readonly part: number;
  readonly title: string;
  /** The pattern that fills it instead of its colour, such as `hatch-fault`. */
  readonly pattern?: string;
}

/** Parts of a whole, in their order; each is named when it is pointed at. */
export function stackedBar(segments: readonly Segment[], label: string): Html {
  let left = 0;
  const rects = segments.map(({ kind, part, title, pattern }) => {
    const from = left;
    left += part * 100;
    return html`<rect
      class="${kind}"
      x="${pc(from)}"
      width="${pc(part * 100)}"
      y="0"
      height="100%"
      ${pattern !== undefined && html`fill="url(#${pattern})"`}
      ><title>${title}</title></rect
    >`;
  });
  return html`<svg class="bar-chart" role="img" aria-label="${label}" width="100%" height="100%">
    ${rects}
  </svg>`;
}

export interface LanePiece extends Span {
  readonly kind: string;
  readonly title: string;
  readonly pattern?: string;
  /** Where the piece lies in the lane's height, in percent; the whole height if left out. */
  readonly top?: number;
  readonly height?: number;
}

/** Pieces over time; what lies outside the window is cut. */
export function lane(
  pieces: readonly LanePiece[],
  window: Span,
  label: string,
  now?: number,
): Html {
  const rects = pieces
    .filter(({ from, to }) => from < window.to && to > window.from)
    .map(({ kind, from, to, title, pattern, top = 0, height = 100 }) => {
      const left = share(from, window);
      return html`<rect
        class="${kind}"
        x="${pc(left)}"
        width="${pc(share(to, window) - left)}"
        y="${pc(top)}"
        height="${pc(height)}"
        ${pattern !== undefined && html`fill="url(#${pattern})"`}
        ><title>${title}</title></rect
      >`;
    });
  const mark =
    now === undefined
      ? null
      : html`<line
          class="now"
          x1="${pc(share(now, window))}"
          x2="${pc(share(now, window))}"
          y1="0"
          y2="100%"
        />`;
  return html`<svg class="lane" role="img" aria-label="${label}" width="100%" height="100%">
    ${rects}${mark}
  </svg>`;
}
