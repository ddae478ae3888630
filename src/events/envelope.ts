/** The envelope around an event's data: as a sender states it, and as the ledger keeps it. */
import { z } from "zod";
import type { DataOf, EventType } from "./catalogue.ts";
import { maxNameLength } from "../limits/events.ts";
import { instant, longText, text } from "./fields/fields.ts";

/** What a sender says: one line of an import, one element of a request. `data` is checked by its type. */
export const submittedEnvelope = z.strictObject({
  id: z.guid().describe("The idempotency key: a UUID of the sender's."),
  type: z.string().min(1).max(100),
  schemaVersion: z.int().min(1).optional().describe("Left out: the newest."),
  occurredAt: instant,
  data: z.record(z.string(), z.unknown()),
  actor: text.optional().describe("Who states it."),
  source: text.optional().describe("What system states it."),
  reason: longText.optional(),
  ticket: text.optional(),
  correlationId: text.optional(),
  causationId: text.optional(),
});

/** What a decision is known by: the command that made it, and what had been seen when it was made. */
export const decisionMember = z
  .strictObject({
    command: z
      .string()
      .regex(/^[a-z]+(?:-[a-z]+)*$/, "must be a command's name, such as start")
      .max(maxNameLength)
      .describe("The command that made it, or the timer's work."),
    sequence: z.int().min(0).describe("Up to where facts of other streams were seen."),
    request: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex")
      .optional()
      .describe("SHA-256 of what was asked, in hex; none for timers."),
  })
  .describe("Says that the ledger decided this, and from what.");

export type Decision = z.output<typeof decisionMember>;

/** An envelope that the ledger wrote: with what it alone says. */
export const ownEnvelope = submittedEnvelope.extend({ decision: decisionMember.optional() });

export type OwnEnvelope = z.output<typeof ownEnvelope>;

/** The envelope's optional fields, as one record. */
export type Attribution = Pick<
  OwnEnvelope,
  "actor" | "source" | "reason" | "ticket" | "correlationId" | "causationId" | "decision"
>;

/**
 * A checked event on its way into the ledger. `dataJson` and `attributionJson` are the RFC 8785 texts
 * that are stored; `data` is what parsing `dataJson` gives (instants are to the millisecond in UTC).
 */
export interface CheckedEvent {
  /** Lower case. */
  readonly id: string;
  readonly type: EventType;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly data: object;
  readonly dataJson: string;
  /** The optional envelope fields as canonical JSON; `{}` if none is given. */
  readonly attributionJson: string;
  /** What parsing `attributionJson` gives; left out where nobody has it at hand. */
  readonly attribution?: Attribution;
}

/** An event as the ledger keeps it. Immutable. */
export interface StoredEvent {
  readonly id: string;
  readonly type: EventType;
  /** The version that it was written at; `data` is upcast to the newest. */
  readonly schemaVersion: number;
  readonly stream: string;
  /** Index in its stream, from 0. */
  readonly revision: bigint;
  /** Position in the ledger, from 1, without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly data: DataOf<EventType>;
  readonly attribution: Attribution;
}
