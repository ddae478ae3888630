/** What changed in a period's figures between two positions of the ledger, and which events did it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { RefusedRequest } from "../../projections/refused-request.ts";
import type { SlaDocument } from "../../projections/sla-document.ts";
import { slaDocument } from "../../projections/sla-document.ts";
import type { StoredEvent } from "../events/envelope.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { maxAttributedDocuments } from "../limits.ts";
import { zonesInForce } from "../time/zones.ts";
import { attributeDifferences } from "./difference.ts";
import type { Attribution, Json } from "./difference.ts";

export interface ComparedPeriod {
  readonly cluster: string;
  readonly period: string;
  readonly zone?: string | undefined;
  readonly from: number;
  readonly to: number;
}

export interface Comparison extends Attribution {
  /** `null` where no report could be given at that position: the cluster or the period was not there yet. */
  readonly before: SlaDocument | null;
  readonly after: SlaDocument | null;
  /** Events between the two that the cluster's figures may rest on. */
  readonly candidates: number;
  /** The events that made a difference, by sequence. */
  readonly events: readonly StoredEvent[];
}

/** Compares the documents of a period as of `from` and as of `to`, figure by figure. */
export async function comparePositions(
  ledger: Ledger,
  compared: ComparedPeriod,
  maxDocuments: number = maxAttributedDocuments,
): Promise<Comparison> {
  const { cluster, from, to } = compared;
  const candidates = ledger.changesOf(cluster, from, to);
  // The last event of another cluster may be what moved the end of a period that is not over.
  const places = candidates.at(-1) === to || from === to ? candidates : [...candidates, to];
  const documentAt = async (sequence: number): Promise<Json> => {
    await nextTurn();
    return (documentOf(ledger, compared, sequence) ?? {}) as unknown as Json;
  };
  const attribution = await attributeDifferences(documentAt, from, places, { maxDocuments });
  const named = new Set(attribution.differences.flatMap(({ sequences }) => sequences));
  const events: StoredEvent[] = [];
  for (const sequence of [...named].sort((a, b) => a - b)) {
    const event = await ledger.store.readAt(sequence);
    if (event !== null) events.push(event);
  }
  return {
    ...attribution,
    before: documentOf(ledger, compared, from),
    after: documentOf(ledger, compared, to),
    candidates: candidates.length,
    events,
  };
}

function documentOf(
  ledger: Ledger,
  { cluster, period, zone }: ComparedPeriod,
  sequence: number,
): SlaDocument | null {
  const view = ledger.view(cluster, sequence);
  try {
    return slaDocument(view, { period, zone }, zonesInForce(view.zoneTable));
  } catch (error) {
    const isNotThereYet =
      error instanceof RefusedRequest &&
      (error.code === "period-not-begun" || error.code === "unknown-cluster");
    if (isNotThereYet) return null;
    throw error;
  }
}
