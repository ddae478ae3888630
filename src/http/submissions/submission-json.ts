/** What became of a submitted event, as answers tell it. */
import { errorCatalogue } from "../../errors.ts";
import type { InputError, LedgerError } from "../../errors.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import { maxErrorsPerProblem } from "../../limits/requests.ts";

export interface RefusalJson {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly InputError[];
}

export type SubmissionJson =
  | {
      readonly status: "appended" | "duplicate";
      readonly id: string;
      readonly stream: string;
      readonly revision: string;
      readonly sequence: number | null;
    }
  | { readonly status: "refused"; readonly id: string | null; readonly error: RefusalJson };

export function submissionJson(submission: Submission): SubmissionJson {
  if (submission.status === "refused") {
    return { status: "refused", id: submission.id, error: refusalJson(submission.error) };
  }
  const { status, id, stream, revision, sequence } = submission;
  return { status, id, stream, revision: revision.toString(), sequence };
}

export function refusalJson(error: LedgerError): RefusalJson {
  return {
    code: error.code,
    title: errorCatalogue[error.code].title,
    detail: error.message.slice(0, 1_000).toWellFormed(),
    errors: error.errors.slice(0, maxErrorsPerProblem),
  };
}

/** Counts of a request's outcomes. */
export interface Tally {
  appended: number;
  duplicates: number;
  refused: number;
  /** The greatest sequence of any event of the request; `null` if none has one. */
  lastSequence: number | null;
}

export function emptyTally(): Tally {
  return { appended: 0, duplicates: 0, refused: 0, lastSequence: null };
}

export function count(tally: Tally, submission: Submission): void {
  if (submission.status === "refused") {
    tally.refused++;
    return;
  }
  if (submission.status === "appended") tally.appended++;
  else tally.duplicates++;
  const { sequence } = submission;
  if (sequence !== null) tally.lastSequence = Math.max(tally.lastSequence ?? 0, sequence);
}
