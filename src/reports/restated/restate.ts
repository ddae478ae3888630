/** What changed in a period's figures between two positions of the ledger, and which events changed it. */
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { DefinitionsVersion } from "../../../projections/document/entry/definitions.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { slaDocumentInSteps } from "../../../projections/document/sla-document.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxAttributedDocuments } from "../../limits/reports.ts";
import { zonesInForce } from "../../zones/zones.ts";
import { viewAtTime } from "../../../projections/view-with.ts";
import { affordableDocuments, attributeDifferences } from "./attribution.ts";
import { differencesInTurns, involving } from "./difference.ts";
import { figureCount } from "./document-figures.ts";
import type { AttributedDifference, Attribution } from "./attribution.ts";
import type { FigureDifference } from "./difference.ts";
import type { Json } from "./document-figures.ts";
import { nextTurn } from "../../turns.ts";

export interface ComparedPeriod {
  readonly cluster: string;
  readonly period: string;
  readonly zone?: string | undefined;
  /** Default: the newest. */
  readonly definitions?: DefinitionsVersion | undefined;
  readonly from: number;
  readonly to: number;
}

export interface ComparedFigure extends AttributedDifference {
  /**
   * Ledger time alone changed it: a period that was not over continued, something open grew older, or announced
   * maintenance was excluded as its time came.
   */
  readonly byLedgerTime: boolean;
}

export interface Comparison extends Omit<Attribution, "differences" | "causesOf"> {
  readonly differences: readonly ComparedFigure[];
  /** `null` if that position has no report: the cluster or the period did not exist yet. */
  readonly before: SlaDocument | null;
  readonly after: SlaDocument | null;
  /** How many events between the positions may affect the cluster's figures. */
  readonly candidates: number;
  /** The events that caused a difference, by sequence. */
  readonly events: readonly StoredEvent[];
}

export interface ComparisonLimits {
  readonly maxDocuments?: number;
  /** Aborts the comparison between two documents. */
  readonly signal?: AbortSignal;
}

/**
 * Compares the documents of a period as of `from` and as of `to`, figure by figure. There are two steps between them:
 * first ledger time advances with the facts unchanged; then the new facts are added at the later time. What the second
 * step changes was caused by events, and these are named.
 */
export async function comparePositions(
  ledger: Ledger,
  compared: ComparedPeriod,
  { maxDocuments = maxAttributedDocuments, signal }: ComparisonLimits = {},
): Promise<Comparison> {
  const { cluster, from, to } = compared;
  const laterMs = ledger.view(cluster, to).headRecordedAt;
  const before = await documentOf(ledger, compared, from);
  const after = await documentOf(ledger, compared, to);
  const made = new Set([to]);
  const atLaterTime = async (sequence: number): Promise<Json> => {
    await nextTurn();
    signal?.throwIfAborted();
    made.add(sequence);
    return sequence === to
      ? asJson(after)
      : asJson(await documentOf(ledger, compared, sequence, laterMs));
  };
  // The facts as they were, looked at when the ledger's time had come to that of `to`.
  const unchanged = await atLaterTime(from);
  const candidates = ledger.changesOf(cluster, from, to);
  await nextTurn();
  const most = Math.min(maxDocuments, affordableDocuments(figureCount(asJson(after))));
  const limits = { maxDocuments: most };
  const byEvents = await attributeDifferences(
    (sequence) => (sequence === from ? unchanged : atLaterTime(sequence)),
    from,
    candidates,
    limits,
  );
  const figures = explained(
    await differencesInTurns(asJson(before), asJson(after)),
    await differencesInTurns(asJson(before), unchanged),
    byEvents,
  );
  return {
    documents: made.size,
    complete: figures.every(({ ranges }) => ranges.length === 0),
    differences: figures,
    before,
    after,
    candidates: candidates.length,
    events: await eventsAt(ledger, figures),
  };
}

/** Each difference, with what ledger time changed and what events changed. */
function explained(
  all: readonly FigureDifference[],
  byTime: readonly FigureDifference[],
  { differences: byEvents, causesOf }: Attribution,
): ComparedFigure[] {
  const isByTime = involving(byTime);
  const isByEvents = involving(byEvents);
  const none = { sequences: [], ranges: [] };
  return all.map((difference) => ({
    ...difference,
    ...(isByEvents(difference.figure) ? causesOf(difference.figure) : none),
    byLedgerTime: isByTime(difference.figure),
  }));
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
  return document ?? {};
}

/**
 * The document of a period as of a position, or of that position's facts at another ledger time. `null` if the
 * cluster or the period did not exist yet.
 */
export async function documentOf(
  ledger: Ledger,
  { cluster, period, zone, definitions }: ComparedPeriod,
  sequence: number,
  headRecordedAt?: number | null,
): Promise<SlaDocument | null> {
  try {
    return await ledger.answerInSteps(cluster, sequence, (asItWas) => {
      const view = headRecordedAt === undefined ? asItWas : viewAtTime(asItWas, headRecordedAt);
      const request = { period, zone, definitions };
      return slaDocumentInSteps(view, request, zonesInForce(view.zoneTable));
    });
  } catch (error) {
    if (isNotThereYet(error)) return null;
    throw error;
  }
}

/** Whether a report was refused because the cluster or the period did not exist yet. */
export function isNotThereYet(error: unknown): boolean {
  return (
    error instanceof RefusedRequest &&
    (error.code === "period-not-begun" || error.code === "unknown-cluster")
  );
}
