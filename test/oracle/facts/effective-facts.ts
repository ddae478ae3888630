import { compareText, milliseconds, required } from "./oracle-event.ts";
import type { OracleData, OracleEvent, OracleFact } from "./oracle-event.ts";

const CORRECTED = "FactCorrected";
const RETRACTED = "FactRetracted";
const AMENDMENTS = new Set([CORRECTED, RETRACTED]);
const LEDGERS_OWN = new Set(["ReportIssued", "LedgerSealed"]);

/** rules.md, "Corrections": the facts as they stand after all corrections and retractions among the events. */
export function effectiveFacts(events: readonly OracleEvent[]): OracleFact[] {
  const sequences = new Map(events.map((event, index) => [event.id, index + 1]));
  const sequenceOf = (event: OracleEvent): number => required(sequences.get(event.id), "id");

  /** The corrections or retractions that name an event, by sequence. They name events of lower sequence. */
  const naming = (event: OracleEvent, type: string): OracleEvent[] =>
    events.filter(
      (other) =>
        other.type === type &&
        other.data.eventId === event.id &&
        sequenceOf(other) > sequenceOf(event),
    );

  /** A retracted event is out, whatever corrects it, until the retraction is retracted. */
  const isOut = (event: OracleEvent): boolean =>
    naming(event, RETRACTED).some((retraction) => !isOut(retraction));

  /** Of several corrections the highest sequence wins, field by field. */
  const corrected = <T>(
    event: OracleEvent,
    field: (data: OracleData) => T | undefined,
  ): T | undefined =>
    naming(event, CORRECTED)
      .filter((correction) => !isOut(correction))
      .map((correction) => field(effectiveData(correction)))
      .filter((value) => value !== undefined)
      .at(-1);

  const effectiveData = (event: OracleEvent): OracleData =>
    corrected(event, (data) => data.data) ?? event.data;

  /** All that name it, or name one that touched it, at any depth. */
  const touching = (event: OracleEvent): OracleEvent[] =>
    [...naming(event, CORRECTED), ...naming(event, RETRACTED)].flatMap((amendment) => [
      amendment,
      ...touching(amendment),
    ]);

  return events
    .filter((event) => !AMENDMENTS.has(event.type) && !LEDGERS_OWN.has(event.type))
    .filter((event) => !isOut(event))
    .map((event): OracleFact => {
      const touches = touching(event).sort((a, b) => sequenceOf(a) - sequenceOf(b));
      const recorded = touches.length > 0 ? touches : [event];
      return {
        id: event.id,
        type: event.type,
        sequence: sequenceOf(event),
        at: milliseconds(corrected(event, (data) => data.occurredAt) ?? event.occurredAt),
        recordedAt: Math.max(...recorded.map((one) => milliseconds(one.recordedAt))),
        amendedBy: touches.map((one) => one.id),
        data: effectiveData(event),
      };
    })
    .sort((a, b) => a.at - b.at || compareText(a.id.toLowerCase(), b.id.toLowerCase()));
}
