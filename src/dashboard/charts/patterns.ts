/** Hatching for charts: SVG needs its patterns in the same document. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { causeShapes } from "./causes.ts";

/** The patterns that bars are filled with, once in every document. */
export function patterns(): Html {
  const hatch = (name: string) =>
    html`<pattern
      id="hatch-${name}"
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" class="hatch-ground c-${name}" /><rect
        width="2.2"
        height="5"
        class="c-${name}"
      />
    </pattern>`;
  const names = ["fault", "software", "rollout", "maintenance", "unknown", "user", "nfz", "lost"];
  return html`<svg class="patterns" width="0" height="0" aria-hidden="true">
    <defs>${names.map(hatch)}${causeShapes()}</defs>
  </svg>`;
}
