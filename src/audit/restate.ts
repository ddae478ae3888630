/** What changed in a period's figures between two positions of the ledger, and which events did it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { RefusedRequest } from "../../projections/refused-request.ts";
import type { SlaDocument } from "../../projections/sla-document.ts";
import { slaDocument } from "../../projections/sla-document.ts";
import type { StoredEvent } from "../events/envelope.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { maxAttributedDocuments } from "../limits.ts";
import { zonesInForce } from "../time/zones.ts";
import { attributeDifferences, differences } from "./difference.ts";
import type { AttributedDifference, Attribution, Json } from "./difference.ts";

export interface ComparedPeriod {
  readonly cluster: string;
  readonly period: string;
  readonly zone?: string | undefined;
  readonly from: number;
  readonly to: number;
}

export interface ComparedFigure extends AttributedDifference {
  /** The period was not over at the earlier position: its end has moved, and this figure with it. */
  readonly byPeriodEnd: boolean;
}

export interface Comparison extends Omit<Attribution, "differences"> {
  readonly differences: readonly ComparedFigure[];
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
  const before = documentOf(ledger, compared, from);
  const after = documentOf(ledger, compared, to);
  const candidates = ledger.changesOf(cluster, from, to);
  const windowOfBefore = before === null ? null : frozen(compared, before, after);
  const attribution =
    windowOfBefore === null
      ? { differences: [], documents: 2, complete: true }
      : await attributeDifferences(
          async (sequence) => {
            await nextTurn();
            return asJson(documentOf(ledger, windowOfBefore, sequence));
          },
          from,
          candidates,
          { maxDocuments },
        );
  const figures = explained(asJson(before), asJson(after), attribution.differences);
  return {
    ...attribution,
    differences: figures,
    before,
    after,
    candidates: candidates.length,
    events: await eventsAt(ledger, figures),
  };
}

/**
 * What is compared for the events' sake: where the period's end has moved, the window as it was then,
 * so that only what was said of that window counts; the rest came with the end.
 */
function frozen(
  compared: ComparedPeriod,
  before: SlaDocument,
  after: SlaDocument | null,
): ComparedPeriod {
  const { from, to, zone } = before.period;
  if (to === after?.period.to) return compared;
  return { ...compared, period: `${from}/${to}`, zone };
}

/** The differences of the two documents, each with what the events alone made of it. */
function explained(
  before: Json,
  after: Json,
  byEvents: readonly AttributedDifference[],
): ComparedFigure[] {
  const made = new Map(byEvents.map((each) => [each.figure, each]));
  return differences(before, after).map((difference) => {
    const cause = made.get(difference.figure);
    const isWhole =
      cause !== undefined && JSON.stringify(cause.after) === JSON.stringify(difference.after);
    return {
      ...difference,
      sequences: cause?.sequences ?? [],
      ranges: cause?.ranges ?? [],
      byPeriodEnd: !isWhole,
    };
  });
}

async function eventsAt(
  ledger: Ledger,
  figures: readonly AttributedDifference[],
): Promise<StoredEvent[]> {
  const named = new Set(figures.flatMap(({ sequences }) => sequences));
  const events: StoredEvent[] = [];
  for (const sequence of [...named].sort((a, b) => a - b)) {
    const event = await ledger.store.readAt(sequence);
    if (event !== null) events.push(event);
  }
  return events;
}

export function asJson(document: SlaDocument | null): Json {
  return (document ?? {}) as unknown as Json;
}

/** The document of a period as of a position; `null` where the cluster or the period was not there yet. */
export function documentOf(
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
