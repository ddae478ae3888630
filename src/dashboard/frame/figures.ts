/** Figures on pages: each carries its exact value and the address at which the interface gives the same one. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { durationText } from "./times.ts";

/**
 * Stands for the position in what is kept of a panel, so that a panel whose figures did not change is the same text at
 * every position; `atPosition` puts the position in.
 */
const positionMark = 'data-as-of="\ue000"';

export function atPosition(text: string, sequence: number): string {
  return text.replaceAll(positionMark, `data-as-of="${sequence}"`);
}

type Raw = string | number | boolean | null;

/**
 * A figure. `path` is where the answer of the nearest `data-source` has it, with dots between the members
 * (`clusters.0.nis.contractual`); `shown` is how people read it.
 */
export function figure(path: string, raw: Raw, shown: string | Html): Html {
  return html`<data class="fig" value="${String(raw)}" ${figureMarks(path, raw)}>${shown}</data>`;
}

/** The attributes by which a mark of a chart carries its figure. */
export function figureMarks(path: string, raw: Raw): Html {
  return html`data-figure="${path}" data-raw="${String(raw)}" ${{ html: positionMark }}`;
}

/** A ratio as a percentage, with the unit set apart. */
export function percentFigure(path: string, ratio: number | null, digits = 3): Html {
  if (ratio === null) return figure(path, null, html`<span class="none">no data</span>`);
  return html`${figure(path, ratio, (ratio * 100).toFixed(digits))}<span class="unit">%</span>`;
}

export function durationFigure(path: string, ms: number | null): Html {
  if (ms === null) return figure(path, null, html`<span class="none">no data</span>`);
  return figure(path, ms, html`<span title="${ms} ms">${durationText(ms)}</span>`);
}

export function countFigure(path: string, count: number): Html {
  return figure(path, count, whole(count));
}

/** A whole number with separators. */
export function whole(value: number): string {
  return value.toLocaleString("en-GB");
}

/** Signs are drawn: not every font has them. */
const signs = {
  check: "M2 6.5 L4.8 9.2 L10 3",
  cross: "M3 3 L9 9 M9 3 L3 9",
} as const;

function sign(name: keyof typeof signs): Html {
  return html`<svg class="sign" viewBox="0 0 12 12" width="9" height="9" aria-hidden="true">
    <path d="${signs[name]}" />
  </svg>`;
}

/** The verdict on a target: a word with a sign, never a colour alone; nothing where there is nothing to measure. */
export function verdict(met: boolean | null): Html | null {
  if (met === null) return null;
  return met ? good("met") : bad("missed");
}

export function good(words: string): Html {
  return html`<span class="verdict met">${sign("check")}${words}</span>`;
}

export function bad(words: string): Html {
  return html`<span class="verdict missed">${sign("cross")}${words}</span>`;
}

/** `1 rollout`, `2 rollouts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
