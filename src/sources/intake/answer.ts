/** The answer to a payload: what became of its observations and of the events that they came to. */
import type { ErrorCode, LedgerError } from "../../errors.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import type { Refused, Seen } from "../reconcile/seen.ts";
import type { Settled } from "../reconcile/task.ts";
import type { StreamOutcome, StreamTasks } from "./rounds.ts";

/** What became of a payload: events in `appended` and `duplicates`, observations (of a file: rows) in the rest. */
export interface Answer {
  observations: number;
  appended: number;
  duplicates: number;
  /** Observations that told nothing new. */
  absorbed: number;
  ignored: number;
  /** Observations that the sender left out. */
  truncated: number;
  /** The greatest sequence of its events, as far as it is known; `null` if none has one. */
  lastSequence: number | null;
  readonly refused: Refused[];
  /** What to know about observations that were taken. */
  readonly notes: { readonly path: string; readonly kind?: string; readonly detail: string }[];
}

export function answerOf({ total, ignored, absorbed, truncated, refused, notes }: Seen): Answer {
  const none = { appended: 0, duplicates: 0, lastSequence: null };
  return { observations: total, ...none, absorbed, ignored, truncated, refused, notes };
}

/** Errors that are the ledger's, not the payload's: the sender has to try again. */
const unavailable: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "store-unavailable",
  "overloaded",
  "not-ready",
  "clock-jumped",
  "read-only",
  "internal",
  "wrong-expected-revision",
  "rebuilding",
  "starting",
  "ledger-file-moved",
  "store-put-back",
]);

/** Counts what was settled; events are not counted here. */
export function countSettled(answer: Answer, settled: readonly Settled[]): void {
  for (const { absorbed, duplicates, found } of settled) {
    answer.observations += found;
    answer.absorbed += absorbed;
    answer.duplicates += duplicates;
  }
}

/** Counts what became of one stream. Throws an error that is the ledger's own. */
export function countOutcome(
  answer: Answer,
  { tasks }: StreamTasks,
  { settled, outcomes }: StreamOutcome,
): void {
  const error = errorIn(outcomes);
  if (error !== null && unavailable.has(error.code)) throw error;
  countSettled(answer, settled);
  for (const each of outcomes) {
    if (each.status === "refused") continue;
    if (each.status === "appended") answer.appended++;
    else answer.duplicates++;
    answer.lastSequence = laterSequence(answer.lastSequence, each.sequence);
  }
  if (error !== null) refuseStream(answer, tasks, error);
}

/** The later of two sequences, of which each may be unknown. */
export function laterSequence(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/** What is told of a stream is refused together. */
export function refuseStream(
  answer: Answer,
  [task]: StreamTasks["tasks"],
  { code, message }: LedgerError,
): void {
  answer.refused.push({ path: task?.path ?? "", code, detail: message });
}

/** What an event was refused for itself, rather than with others of its stream. */
function errorIn(outcomes: readonly Submission[]) {
  const refused = outcomes.flatMap((each) => (each.status === "refused" ? [each.error] : []));
  return refused.find(({ code }) => code !== "part-refused") ?? refused[0] ?? null;
}

/** One answer to several parts of a payload; `shifted` gives paths of the later part their place in the whole. */
export function addAnswers(
  sum: Answer | null,
  part: Answer,
  shifted: (path: string) => string,
): Answer {
  const refused = part.refused.map((each) => ({ ...each, path: shifted(each.path) }));
  const notes = part.notes.map((each) => ({ ...each, path: shifted(each.path) }));
  if (sum === null) return { ...part, refused, notes };
  return {
    observations: sum.observations + part.observations,
    appended: sum.appended + part.appended,
    duplicates: sum.duplicates + part.duplicates,
    absorbed: sum.absorbed + part.absorbed,
    ignored: sum.ignored + part.ignored,
    truncated: sum.truncated + part.truncated,
    lastSequence: laterSequence(sum.lastSequence, part.lastSequence),
    refused: [...sum.refused, ...refused],
    notes: [...sum.notes, ...notes],
  };
}
