/** What a declaration would come to, as the ledger says: when, and which rollouts would wait. */
import { html } from "htm/preact";
import type { VNode } from "preact";

interface Met {
  readonly rollout: string;
  readonly state: string;
  readonly urgency: string | null;
}

export interface Preview {
  readonly occurrences: readonly {
    readonly from: string;
    readonly to: string;
    readonly local: { readonly from: string; readonly to: string } | null;
    readonly note: "gap" | "overlap" | null;
  }[];
  readonly resolvedUntil: string | null;
  readonly clusters: readonly {
    readonly cluster: string;
    readonly waiting: readonly Met[];
    readonly inFlight: readonly Met[];
  }[];
}

const notes = {
  gap: "the clocks skip its local start: it begins later by the clock",
  overlap: "its local start happens twice: it begins at the first",
} as const;

const shown = 12;
const shownRollouts = 20;

export function previewHtml({ occurrences, resolvedUntil, clusters }: Preview): VNode {
  const rest = occurrences.length - shown;
  const noted = occurrences.filter(({ note }) => note !== null);
  // Whatever the clocks do to an occurrence is said, however late in the list it is.
  const listed = [
    ...occurrences.slice(0, shown),
    ...noted.filter((each) => occurrences.indexOf(each) >= shown),
  ];
  return html`<section class="preview" role="status" aria-label="Preview" ref=${intoView}>
    <h3>${occurrences.length} ${occurrences.length === 1 ? "occurrence" : "occurrences"}</h3>
    <ol>
      ${listed.map(
        ({ from, to, local, note }) =>
          html`<li>
            <span>${`${minute(from)} – ${minute(to)} UTC`}</span
            >${local !== null && html`<span class="sub">${` · ${minute(local.from)} by the zone's clocks`}</span>`}${note !== null && html` <span class="tag warn">${notes[note]}</span>`}
          </li>`,
      )}
    </ol>
    ${rest > 0 && html`<p class="sub">${rest} more${resolvedUntil !== null && `, up to ${minute(resolvedUntil)} UTC; later ones are recorded in time`}</p>`}
    ${clusters.map(({ cluster, waiting, inFlight }) => metHtml(cluster, waiting, inFlight))}
  </section>`;
}

function metHtml(cluster: string, waiting: readonly Met[], inFlight: readonly Met[]): VNode {
  return html`<div>
    <h3>${cluster}</h3>
    <p>
      ${waiting.length === 0 ? "No queued rollout would wait." : html`<b>Would wait:</b> ${names(waiting)}.`}${" "}
      ${inFlight.length === 0 ? "None under way would meet it." : html`<b>Under way:</b> ${names(inFlight)}.`}
    </p>
  </div>`;
}

function names(met: readonly Met[]): string {
  const rest = met.length - shownRollouts;
  const words = met
    .slice(0, shownRollouts)
    .map(({ rollout, urgency }) => (urgency === null ? rollout : `${rollout} (${urgency})`))
    .join(", ");
  return rest > 0 ? `${words} and ${rest} more` : words;
}

/** The ledger's own instant, without what nobody reads. */
function minute(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
