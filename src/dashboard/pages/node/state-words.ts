/** States of nodes in words, each with its colour beside it. */
import type { NodeState } from "../../../../projections/nodes/packed-segments.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";

/** The class of the style sheet that has a state's colour. */
export const stateKinds = {
  "in-service": "up",
  down: "down",
  maintenance: "maint",
  unknown: "unknown",
} as const satisfies Readonly<Record<NodeState, string>>;

export const stateWords = {
  "in-service": "in service",
  down: "down",
  maintenance: "maintenance",
  unknown: "unobserved",
} as const satisfies Readonly<Record<NodeState, string>>;

export function stateMark(state: NodeState): Html {
  return html`<span class="state-mark"
    ><i class="swatch ${stateKinds[state]}"></i>${stateWords[state]}</span
  >`;
}
