/** A command on a no-fly zone is decided in each of its clusters; this joins the outcomes. */
import { noStatus, statusAfter } from "../../../projections/nfz/status.ts";
import type { NfzFact, NfzStatus } from "../../../projections/nfz/timeline.ts";
import type { Draft, Outcome, Refusal } from "../command/drafts.ts";

/** The events that make or change a no-fly zone. */
export type NfzDraft = Draft<NfzFact["type"]>;

/** The outcome of a command in one cluster. */
export type InCluster = { readonly cluster: string } & (
  | { readonly kind: "append"; readonly draft: NfzDraft; readonly status: NfzStatus }
  /** Nothing to do: the event `by` has already done it. */
  | { readonly kind: "already"; readonly by: string; readonly status: NfzStatus }
  | { readonly kind: "refused"; readonly refusal: Refusal }
);

export interface NfzDecision {
  readonly outcome: Outcome;
  /** The clusters in which the command has its effect now, by name. */
  readonly clusters: readonly Exclude<InCluster, { readonly kind: "refused" }>[];
  /** Those in which the command does not apply. */
  readonly leftOut: readonly string[];
}

/** `inClusters` must be ordered by cluster. Clusters in which the command does not apply are left out; if none is left, the first one's refusal is the command's. */
export function joined(inClusters: readonly InCluster[]): NfzDecision {
  const clusters = inClusters.filter((each) => each.kind !== "refused");
  const leftOut = inClusters.filter(({ kind }) => kind === "refused").map(({ cluster }) => cluster);
  return { outcome: outcomeOf(inClusters), clusters, leftOut };
}

function outcomeOf(inClusters: readonly InCluster[]): Outcome {
  const drafts = inClusters.flatMap((each) => (each.kind === "append" ? [each.draft] : []));
  if (drafts.length > 0) return { kind: "append", drafts };
  const done = inClusters.find(({ kind }) => kind === "already");
  if (done?.kind === "already") return { kind: "already", by: done.by };
  const [first] = inClusters;
  if (first?.kind === "refused") return { kind: "refused", refusal: first.refusal, by: null };
  throw new RangeError("a command on a no-fly zone without a cluster");
}

/** An event in each cluster, for an NFZ that is new there. */
export function appendIn(drafts: readonly Draft<"NfzDeclared">[], at: number): NfzDecision {
  return joined(
    drafts.map((draft) => ({
      kind: "append",
      cluster: draft.data.cluster,
      draft,
      status: statusWith(noStatus, draft, at),
    })),
  );
}

/** The same refusal in every cluster. */
export function refusedIn(clusters: readonly string[], refusal: Refusal): NfzDecision {
  return joined(clusters.map((cluster) => ({ kind: "refused", cluster, refusal })));
}

/** The status after the event is appended. */
export function statusWith(status: NfzStatus, { type, data }: NfzDraft, at: number): NfzStatus {
  const unrecorded = { id: "", sequence: 0, since: 0, recordedAt: at, amendedBy: [] };
  return statusAfter(status, { ...unrecorded, type, data, occurredAt: at } as NfzFact);
}
