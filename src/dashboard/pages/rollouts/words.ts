/** What rollouts and no-fly zones are about, in words. */
import type { DataOf } from "../../../events/catalogue.ts";
import type { shownRolloutStates } from "../../../../projections/rollouts/status.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";
import { minuteText } from "../../frame/times.ts";
import { pathSegment } from "../../../path-segment.ts";

export type ShownState = (typeof shownRolloutStates)[number];
type Submission = DataOf<"RolloutSubmitted">;
export type Scope = Submission["targets"];

export const stateWords: Readonly<Record<ShownState, string>> = {
  submitted: "submitted",
  blocked: "held",
  "needs-co-test": "needs a co-test",
  releasable: "released, not started",
  "in-progress": "in progress",
  paused: "paused",
  verifying: "verifying",
  "rolling-back": "rolling back",
  completed: "completed",
  failed: "failed",
  "rolled-back": "rolled back",
  cancelled: "cancelled",
  superseded: "superseded",
  unknown: "unknown",
};

export function updatesWords(updates: Submission["updates"]): string {
  return updates.map(({ component, version }) => `${component} ${version}`).join(" + ");
}

const namedPlaces = 6;

/** `racks r1, r2 of SKU h200-8`; the whole cluster if nothing is named. */
export function scopeWords(scope: Scope | null): string {
  if (scope === undefined || scope === null) return "the whole cluster";
  const { nodes, racks, skus } = scope;
  const parts = [listed("node", nodes), listed("rack", racks), listed("SKU", skus)];
  const words = parts.filter((each) => each !== null).join(", of these ");
  return words === "" ? "the whole cluster" : words;
}

function listed(what: string, names: readonly string[] | undefined): string | null {
  if (names === undefined) return null;
  const more = names.length - namedPlaces;
  const shown = names.slice(0, namedPlaces).join(", ");
  return `${names.length === 1 ? what : `${what}s`} ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}

export const inFlightWords = {
  finish: "what is under way finishes its step, then pauses",
  pause: "what is under way pauses",
  rollback: "what is under way is rolled back",
} as const;

export function urgencyTag(urgency: string | null): Html | null {
  return urgency === null ? null : html`<span class="tag ${urgency}">${urgency}</span>`;
}

export function rolloutHref(context: PageContext, cluster: string, rollout: string): string {
  return context.link(`/rollouts/${pathSegment(cluster)}/${pathSegment(rollout)}`);
}

/** Where the families of a cluster's updates are listed. */
export function familiesHref(context: PageContext, cluster: string): string {
  return `${context.link("/rollouts", { cluster })}#p-families`;
}

export function zoneHref(context: PageContext, cluster: string, nfz: string): string {
  return context.link(`/nfz/${pathSegment(cluster)}/${pathSegment(nfz)}`);
}

export function zoneLinks(context: PageContext, cluster: string, nfzs: readonly string[]): Html {
  return html`${nfzs.map(
    (nfz, i) =>
      html`${i > 0 && ", "}<a class="mono" href="${zoneHref(context, cluster, nfz)}">${nfz}</a>`,
  )}`;
}

/** An instant with its minute, dated where it is not today's. */
export function whenHtml({ stand, zone }: PageContext, at: number): Html {
  return html`<time datetime="${formatInstant(at)}">${minuteText(at, zone, stand.at)}</time>`;
}
