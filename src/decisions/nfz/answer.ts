/** The answers to commands on no-fly zones. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { EventPlace, Executed } from "../command/execute.ts";
import { type OccurrenceData, occurrenceData } from "../recurrence/resolution.ts";
import type { NfzDecision } from "./cluster-outcomes.ts";

export interface NfzInCluster {
  readonly cluster: string;
  /** All occurrences after the command; a skipped one is empty. */
  readonly occurrences: readonly OccurrenceData[];
  readonly resolvedUntil: string | null;
  /** The command's event; if there was nothing to do, the earlier event that did it. */
  readonly event: EventPlace | null;
}

export interface NfzAnswer {
  readonly nfz: string;
  readonly outcome: Executed["outcome"];
  readonly at: string;
  readonly asOf: { readonly sequence: number };
  readonly clusters: readonly NfzInCluster[];
  /** Clusters in which the command does not apply. */
  readonly leftOut: readonly string[];
}

/** `places` gives the events behind a decision that appended nothing in a cluster. Throws a refusal, with the members of an answer. */
export function nfzAnswer(
  nfz: string,
  { clusters, leftOut }: NfzDecision,
  { outcome, at, P, event, further, refusal }: Executed,
  places: (id: string) => EventPlace | null,
): NfzAnswer {
  const events = outcome === "already" ? [] : [event, ...further];
  const last = events.at(-1)?.sequence ?? P;
  const made = events.values();
  const members: NfzAnswer = {
    nfz,
    outcome,
    at: formatInstant(at),
    asOf: { sequence: Math.max(last, P) },
    clusters: clusters.map((each) => ({
      cluster: each.cluster,
      occurrences: occurrenceData(each.status.occurrences),
      resolvedUntil:
        each.status.resolvedUntil === null ? null : formatInstant(each.status.resolvedUntil),
      event: each.kind === "append" ? (made.next().value ?? null) : places(each.by),
    })),
    leftOut,
  };
  if (refusal === null) return members;
  throw new LedgerError(refusal.code, refusal.detail, {
    errors: refusal.errors ?? [],
    extra: { ...refusal.extra, ...members, event: null },
  });
}
