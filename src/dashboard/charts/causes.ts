/** Causes of interruptions: their order, colours, shapes and patterns, the same on every page. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import type { InterruptionKind } from "../../../projections/jobs/timeline.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { whole } from "../frame/figures.ts";
import type { Segment } from "./bars.ts";

/** Always in this order, so that the place of a part says what it is, too. */
export const causes = [
  "fault",
  "software",
  "rollout",
  "maintenance",
  "unknown",
  "user",
] as const satisfies readonly InterruptionKind[];

export type Cause = (typeof causes)[number];

/** A shape for each, around the origin: who sees no colours can tell them apart. Drawn once in every document. */
const shapes: Readonly<Record<Cause, string>> = {
  fault:
    "M-4 -2.6 L-2.6 -4 L0 -1.4 L2.6 -4 L4 -2.6 L1.4 0 L4 2.6 L2.6 4 L0 1.4 L-2.6 4 L-4 2.6 L-1.4 0Z",
  software: "M0 -4 L4 3.4 L-4 3.4Z",
  rollout: "M0 -4.4 L4.4 0 L0 4.4 L-4.4 0Z",
  maintenance: "M-3.4 -3.4 H3.4 V3.4 H-3.4Z",
  unknown: "M0 -3.8 A3.8 3.8 0 1 1 0 3.8 A3.8 3.8 0 1 1 0 -3.8Z",
  user: "M-4 -3.4 H4 L0 4Z",
};

export function causeShapes(): Html[] {
  return causes.map((cause) => html`<path id="sign-${cause}" d="${shapes[cause]}" />`);
}

/** A cause's shape in its colour, for legends and tables. */
export function causeSign(cause: Cause): Html {
  return html`<svg
    class="cause-sign"
    viewBox="-6 -6 12 12"
    width="12"
    height="12"
    aria-hidden="true"
  >
    <use href="#sign-${cause}" class="c-${cause}" />
  </svg>`;
}

type JobUptime = SlaDocument["jobUptime"];

const hourMs = 3_600_000;

/** Node-time as people read it: `1,234 node-hours`. */
export function nodeHours(nodeMs: number): string {
  return whole(Math.round(nodeMs / hourMs));
}

/** The parts of the jobs' node-time, which sum to it. */
export function trainingSegments(jobs: JobUptime): Segment[] {
  const total = jobs.runningNodeMs + jobs.interruptedNodeMs;
  const segment = (kind: string, ms: number, words: string, pattern?: string): Segment => ({
    kind,
    part: ms / total,
    title: `${words}: ${nodeHours(ms)} node-hours, ${((ms / total) * 100).toFixed(1)} %`,
    ...(pattern === undefined ? {} : { pattern }),
  });
  const by = (cause: Cause) => jobs.attribution[cause];
  return [
    segment("kept", jobs.keptNodeMs, "kept"),
    segment("ckpt", jobs.checkpointingNodeMs, "checkpointing"),
    ...causes.map((cause) =>
      segment("lost", by(cause)?.lostNodeMs ?? 0, `run, then lost to ${cause}`, `hatch-${cause}`),
    ),
    ...causes.map((cause) =>
      segment(`c-${cause}`, by(cause)?.interruptedNodeMs ?? 0, `interrupted by ${cause}`),
    ),
  ];
}

export function trainingLegend(): Html {
  return html`<ul class="legend" aria-label="Legend">
    <li><i class="swatch kept"></i>kept</li>
    <li><i class="swatch ckpt"></i>checkpointing</li>
    <li><i class="swatch hatched"></i>hatched: run, then lost</li>
    <li><i class="swatch c-unknown"></i>plain: interrupted</li>
    ${causes.map((cause) => html`<li><i class="swatch c-${cause}"></i>${cause}</li>`)}
  </ul>`;
}
