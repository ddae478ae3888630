/**
 * Executes a command: looks up its id, lets the decider decide from what is seen now, and appends the result at the exact
 * revision that was read. If the stream has moved on meanwhile, it decides again.
 */
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import { maxDecisionAttempts } from "../../limits/decisions.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import type { Asked } from "./asked.ts";
import { maySee } from "./asked.ts";
import type { Draft, Outcome, Refusal } from "./drafts.ts";
import type { OwnFacts } from "./facts-of-stream.ts";

/** An event's position. */
export interface EventPlace {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: string;
  /** `null` if the store has not reported it yet. */
  readonly sequence: number | null;
}

export interface Executed {
  readonly outcome: "appended" | "already" | "repeated";
  /** The instant of the decision. */
  readonly at: number;
  /** Facts of other streams were seen up to this sequence. */
  readonly P: number;
  readonly event: EventPlace | null;
  readonly further: readonly EventPlace[];
  readonly refusal: Refusal | null;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A decider's result for a command. */
export interface Planned {
  readonly own: OwnFacts;
  readonly at: number;
  readonly outcome: Outcome;
}

interface Work {
  /** Decides from the facts up to P. */
  readonly plan: (P: number) => Promise<Planned>;
  /** The stream of the command's events. */
  readonly stream: string;
  /** Makes the answer that the command got the first time; `event` is its first event. */
  readonly repeat: (event: StoredEvent) => Promise<Executed>;
  readonly onDecided: (at: number) => void;
}

export async function execute(ledger: Ledger, asked: Asked, work: Work): Promise<Executed> {
  for (let attempt = 1; attempt <= maxDecisionAttempts; attempt++) {
    const tried = await tryOnce(ledger, asked, work);
    if (tried !== null) return tried;
  }
  const detail = `${work.stream} was changed by others ${maxDecisionAttempts} times while this was decided; ask again`;
  throw new LedgerError("overloaded", detail);
}

/** What the command found or made in its turn. */
type Turn =
  | { readonly kind: "answered"; readonly executed: Executed }
  | { readonly kind: "planned"; readonly planned: Planned; readonly P: number };

/** `null` if the stream has moved on. */
async function tryOnce(ledger: Ledger, asked: Asked, work: Work): Promise<Executed | null> {
  const turns: Turn[] = [];
  const submissions = await ledger.submitDecided(work.stream, async (P) => {
    const turn = await takeTurn(ledger, asked, work, P);
    turns.push(turn);
    if (turn.kind === "answered") return { inputs: [] };
    const { own, at, outcome } = turn.planned;
    const drafts = outcome.kind === "append" ? outcome.drafts : [];
    return {
      inputs: drafts.map((each, i) => decidedEvent(each, idAt(asked.id, i), { asked, at, P })),
      revisions: new Map([[own.stream, own.revision]]),
    };
  });
  const [turn] = turns;
  if (turn === undefined) throw whyNoTurn(submissions);
  if (turn.kind === "answered") return turn.executed;
  return appended(turn.planned, submissions, turn.P, work);
}

/** It was turned away while it waited: the store does not answer, or is slow. */
function whyNoTurn(submissions: readonly Submission[]): LedgerError {
  const refusal = submissions.find((each) => each.status === "refused");
  return refusal?.error ?? new LedgerError("internal", "a command had no turn");
}

async function takeTurn(ledger: Ledger, asked: Asked, work: Work, P: number): Promise<Turn> {
  const before = await ledger.store.findById(asked.id);
  if (before !== null) {
    assertSame(before, asked);
    return { kind: "answered", executed: await work.repeat(before) };
  }
  const planned = await work.plan(P);
  if (planned.outcome.kind !== "append")
    return { kind: "answered", executed: await answered(ledger, planned, P) };
  await assertFree(ledger, asked, planned.outcome.drafts.length);
  return { kind: "planned", planned, P };
}

/** The ids of the command's further events are made of its own: an event that has one of them is of something else. */
async function assertFree(ledger: Ledger, { id }: Asked, count: number): Promise<void> {
  if (count < 2) return;
  const further = Array.from({ length: count - 1 }, (_, i) => idAt(id, i + 1));
  const [taken] = await ledger.store.findByIds(further);
  if (taken !== undefined) throw idTaken(taken);
}

function idTaken({ id, sequence }: Pick<StoredEvent, "id" | "sequence">): LedgerError {
  const message = "is used by another event, or gives one of the command's events an id that is";
  return new LedgerError("id-conflict", `the id ${id} is used by another event; use a new one`, {
    errors: [{ path: "/id", message }],
    extra: { sequence },
  });
}

/** Whether an event that has the command's id is one that the same request made. Throws `id-conflict` if it is not. */
export function assertSame(event: StoredEvent, { id, request, caller }: Asked): void {
  const { cluster } = event.data as { readonly cluster?: string };
  const isSeen = cluster === undefined || maySee(caller, cluster);
  const { decision } = event.attribution;
  if (isSeen && decision !== undefined && decision.request === (request ?? undefined)) return;
  throw new LedgerError("id-conflict", `the id ${id} is used by an event of another command`, {
    errors: [{ path: "/id", message: "is used by an event of another command" }],
    extra: { sequence: event.sequence },
  });
}

interface Envelope {
  readonly asked: Asked;
  readonly at: number;
  readonly P: number;
}

/** A draft with its envelope, as it is appended. */
export function decidedEvent(
  { type, data }: Draft,
  id: string,
  { asked, at, P }: Envelope,
): object {
  const { command, caller, said, request } = asked;
  const { reason, ticket, correlationId, causationId } = said;
  return {
    id,
    type,
    occurredAt: formatInstant(at),
    data,
    actor: caller.actor,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(causationId === undefined ? {} : { causationId }),
    decision: { command, sequence: P, ...(request === null ? {} : { request }) },
  };
}

/** The id of the command's event at an index: the command's own id, then ids derived from it. */
export function idAt(id: string, index: number): string {
  return index === 0 ? id : stableId([id, String(index)]);
}

async function answered(
  ledger: Ledger,
  { own, at, outcome }: Planned,
  P: number,
): Promise<Executed> {
  if (outcome.kind === "append") throw new LedgerError("internal", "a decision was not appended");
  // A correction may have moved it here from another stream.
  const by =
    outcome.by === null
      ? undefined
      : (own.events.get(outcome.by) ?? (await ledger.store.findById(outcome.by)) ?? undefined);
  return {
    outcome: "already",
    at,
    P,
    event: by === undefined ? null : placeOf(by),
    further: [],
    refusal: outcome.kind === "refused" ? outcome.refusal : null,
    extra: outcome.kind === "already" ? (outcome.extra ?? {}) : {},
  };
}

export function placeOf(event: StoredEvent): EventPlace {
  const { id, type, stream, revision, sequence } = event;
  return { id, type, stream, revision: String(revision), sequence };
}

/** `null` if the stream has moved on. Throws any other reason why the events were not appended. */
function appended(
  { at, outcome }: Planned,
  submissions: readonly Submission[],
  P: number,
  work: Work,
): Executed | null {
  if (outcome.kind !== "append") throw new LedgerError("internal", "nothing was to be appended");
  const places: EventPlace[] = [];
  for (const [i, submission] of submissions.entries()) {
    if (submission.status === "refused") {
      const { error } = submission;
      if (error.code === "wrong-expected-revision") return null;
      // Another process has executed the same command meanwhile.
      if (error.code === "id-conflict" && i === 0) return null;
      throw submissions.map(errorOf).find((each) => each?.code === "id-conflict") ?? error;
    }
    // Two processes that decide the same in the same millisecond make the same event: one has appended it.
    if (submission.status === "duplicate") return null;
    const { id, stream, revision, sequence } = submission;
    const type = outcome.drafts[i]?.type ?? "";
    places.push({ id, type, stream, revision: String(revision), sequence });
  }
  work.onDecided(at);
  const [event = null, ...further] = places;
  const { refusal = null, extra = {} } = outcome;
  return { outcome: "appended", at, P, event, further, refusal, extra };
}

function errorOf(submission: Submission): LedgerError | null {
  return submission.status === "refused" ? submission.error : null;
}
