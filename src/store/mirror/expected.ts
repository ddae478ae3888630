/**
 * Events that this process appends and that have no outcome yet, beside what the mirror has taken with their ids. An append
 * is then compared with what the mirror holds without a read of its rows.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import type { CheckedEvent } from "../../events/envelope.ts";
import type { AppendedPosition, AppendOutcome, StreamAppend } from "../port.ts";
import { sameContent } from "../sqlite/same-ids.ts";

/** An event as the mirror has it. */
interface Taken {
  readonly event: CheckedEvent;
  readonly stream: string;
  readonly revision: bigint;
  readonly recordedAt: number;
  readonly sequence: number;
}

export class ExpectedEvents {
  /** By id; `null` until the mirror has the event. */
  readonly #byId = new Map<string, Taken | null>();

  /** Of an id that is expected twice at the same time, the rows may have to tell. */
  expect({ events }: StreamAppend): void {
    for (const { id } of events) this.#byId.set(id, null);
  }

  forget({ events }: StreamAppend): void {
    for (const { id } of events) this.#byId.delete(id);
  }

  /** Call with what the mirror has committed. */
  note(parts: readonly StreamAppend[], outcomes: readonly AppendOutcome[]): void {
    if (this.#byId.size === 0) return;
    for (const [i, { stream, events, recordedAt }] of parts.entries()) {
      const outcome = at(outcomes, i);
      if (!outcome.ok || outcome.position.sequences === null) continue;
      const { firstRevision, sequences } = outcome.position;
      for (const [k, event] of events.entries()) {
        if (!this.#byId.has(event.id)) continue;
        const revision = firstRevision + BigInt(k);
        const stands = { recordedAt: at(recordedAt, k), sequence: at(sequences, k) };
        this.#byId.set(event.id, { event, stream, revision, ...stands });
      }
    }
  }

  /** The position of a part that the mirror has taken since it was expected, exactly as it was sent; otherwise `null`. */
  positionOf({
    stream,
    expectedRevision,
    events,
    recordedAt,
  }: StreamAppend): AppendedPosition | null {
    const firstRevision = expectedRevision === "no-stream" ? 0n : expectedRevision + 1n;
    const sequences: number[] = [];
    for (const [i, event] of events.entries()) {
      const taken = this.#byId.get(event.id) ?? null;
      const isAsSent =
        taken !== null &&
        taken.stream === stream &&
        taken.revision === firstRevision + BigInt(i) &&
        taken.recordedAt === recordedAt[i] &&
        sameContent(event, taken.event);
      if (!isAsSent) return null;
      sequences.push(taken.sequence);
    }
    return { firstRevision, sequences, duplicate: false };
  }
}
