/**
 * The findings that a request made: facts that do not fit because of its events, be it these themselves or earlier
 * facts. They are looked for after the append, within limits, and never delay it; what a later fact repairs is no
 * longer a finding.
 */
import type { ClusterView } from "../../../projections/view.ts";
import type { Finding } from "../../../projections/facts/finding.ts";
import { definitionOf, isEventType } from "../../events/catalogue.ts";
import { isLedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import {
  maxFactsFoldedPerSecond,
  maxFactsForFindings,
  maxFindingsWaitMs,
  maxMadeFindings,
  maxSubjectsForFindings,
} from "../../limits/findings.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import { isFolded, subjectOf } from "../../../projections/facts/subject.ts";
import { subjectKey } from "../../read-model/columns/subjects.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { fixOf } from "../../answers/finding-fixes.ts";

/** A finding as the answer to an append shows it. */
interface MadeFinding {
  readonly kind: string;
  /** The fact that does not fit: an event of the request, or an earlier fact that had fitted. */
  readonly eventId: string;
  readonly at: string;
  readonly fix: string;
}

/** The members of the ledger that are needed to fold the entities of an append. */
type FoldedLedger = Pick<Ledger, "sequence" | "waitFor" | "view" | "factCount" | "movedBy">;

/**
 * The outcomes that are looked at: appended events; for a single event also a duplicate, so that its answer is the same
 * again.
 */
type Looked = readonly Submission["status"][];

/**
 * A budget of facts to fold for the findings of all answers together, renewed each second; the rest is not saved up.
 */
export class FoldingBudget {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  #left: number;
  #atMs: number;

  constructor(perSecond = maxFactsFoldedPerSecond, nowMs = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#nowMs = nowMs;
    this.#left = perSecond;
    this.#atMs = nowMs();
  }

  /** Takes the cost of folding so many facts; false if it is not left. */
  take(facts: number): boolean {
    const nowMs = this.#nowMs();
    const grown = this.#left + ((nowMs - this.#atMs) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, grown);
    this.#atMs = nowMs;
    if (facts > this.#left) return false;
    this.#left -= facts;
    return true;
  }
}

/** The subjects of a request's events, and its position in the ledger. */
export class RequestSubjects {
  readonly #subjects = new Map<string, Subject>();
  /** Sequences of corrections and retractions, whose subjects are known once the views contain them. */
  readonly #corrections: number[] = [];
  #first = Infinity;
  #last = 0;
  #isWhole = true;

  /** Notes what became of inputs. */
  note(
    inputs: readonly unknown[],
    submissions: readonly Submission[],
    looked: Looked = ["appended"],
  ): void {
    for (const [i, submission] of submissions.entries()) {
      if (submission.status === "refused" || !looked.includes(submission.status)) continue;
      const { sequence } = submission;
      if (sequence === null || this.#isFull) {
        this.#isWhole = false;
        continue;
      }
      this.#first = Math.min(this.#first, sequence);
      this.#last = Math.max(this.#last, sequence);
      const { type, data } = inputs[i] as { readonly type: string; readonly data: object };
      if (!isEventType(type)) continue;
      if (definitionOf(type).entity === "correction") this.#corrections.push(sequence);
      else this.#add(subjectOf(type, data));
    }
  }

  /** The findings that are there now and were not before; `isWhole` is false where something was not looked at. */
  async findings(
    ledger: FoldedLedger,
    budget: FoldingBudget,
  ): Promise<{ readonly made: readonly MadeFinding[]; readonly isWhole: boolean }> {
    if (this.#last === 0) return { made: [], isWhole: this.#isWhole };
    if (!(await isReached(ledger, this.#last))) return { made: [], isWhole: false };
    for (const sequence of this.#corrections) {
      for (const subject of ledger.movedBy(sequence)) this.#add(subject);
    }
    const viewsOf = this.#views(ledger);
    const made: MadeFinding[] = [];
    let factsLeft = maxFactsForFindings;
    let isWhole = this.#isWhole;
    for (const subject of this.#subjects.values()) {
      const facts = ledger.factCount(subject);
      // A busy thing is left out; the others of the request may still be looked at.
      if (facts > factsLeft || !budget.take(2 * facts)) {
        isWhole = false;
        continue;
      }
      factsLeft -= facts;
      made.push(...madeOf(viewsOf(subject.cluster), subject));
    }
    if (made.length <= maxMadeFindings) return { made, isWhole };
    return { made: made.slice(0, maxMadeFindings), isWhole: false };
  }

  get #isFull(): boolean {
    return this.#subjects.size + this.#corrections.length >= maxSubjectsForFindings;
  }

  #add(subject: Subject | null): void {
    if (subject !== null && isFolded(subject.kind))
      this.#subjects.set(subjectKey(subject), subject);
  }

  /** Each cluster before the request and after it; asked for once, so that the views of other readers stay kept. */
  #views(ledger: FoldedLedger): (cluster: string) => BeforeAndAfter {
    const known = new Map<string, BeforeAndAfter>();
    return (cluster) => {
      const kept = known.get(cluster);
      if (kept !== undefined) return kept;
      const views = {
        before: ledger.view(cluster, this.#first - 1),
        after: ledger.view(cluster, this.#last),
      };
      known.set(cluster, views);
      return views;
    };
  }
}

interface BeforeAndAfter {
  readonly before: ClusterView;
  readonly after: ClusterView;
}

/** What is there after the request and was not before it: two folds of the thing. */
function madeOf({ before, after }: BeforeAndAfter, subject: Subject): MadeFinding[] {
  const known = new Set(findingsOf(before, subject).map(({ kind, factId }) => `${kind} ${factId}`));
  return findingsOf(after, subject)
    .filter(({ kind, factId }) => !known.has(`${kind} ${factId}`))
    .map(({ kind, factId, at }) => ({
      kind,
      eventId: factId,
      at: formatInstant(at),
      fix: fixOf(kind),
    }));
}

function findingsOf(view: ClusterView, { kind, name }: Subject): readonly Finding[] {
  return isFolded(kind) ? (view.entity(kind, name)?.findings ?? []) : [];
}

async function isReached(ledger: FoldedLedger, sequence: number): Promise<boolean> {
  try {
    if (ledger.sequence() < sequence) await ledger.waitFor(sequence, maxFindingsWaitMs);
    return true;
  } catch (error) {
    if (isLedgerError(error)) return false;
    throw error;
  }
}

/** As members of an answer: without the findings, where nothing was appended or not all was looked at. */
export interface FindingsJson {
  readonly findings?: readonly MadeFinding[];
  /** False where there may be more than are named: /v1/data-quality has them all. */
  readonly findingsComplete?: boolean;
}

/** What naming findings needs: the ledger, and what folding may still cost. */
interface FindingsContext {
  readonly ledger: FoldedLedger;
  readonly folding: FoldingBudget;
}

/** What the answer to one request says of findings. Never rejects. */
export async function findingsJson(
  { ledger, folding }: FindingsContext,
  subjects: RequestSubjects,
): Promise<FindingsJson> {
  try {
    const { made, isWhole } = await subjects.findings(ledger, folding);
    return { findings: made, findingsComplete: isWhole };
  } catch {
    // The events are in the ledger, and that is what the answer acknowledges; views that fail say so at /readyz.
    return { findings: [], findingsComplete: false };
  }
}

/** The same of one event, or of a list that was submitted whole. A list of one says the same as its event. Never rejects. */
export async function findingsMadeBy(
  context: FindingsContext,
  inputs: readonly unknown[],
  submissions: readonly Submission[],
): Promise<FindingsJson> {
  const looked: Looked = submissions.length === 1 ? ["appended", "duplicate"] : ["appended"];
  if (submissions.every(({ status }) => !looked.includes(status))) return {};
  const subjects = new RequestSubjects();
  subjects.note(inputs, submissions, looked);
  return await findingsJson(context, subjects);
}
