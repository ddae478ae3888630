/**
 * The findings that a request made: facts that do not fit because of its events, be it these themselves or earlier
 * facts. They are looked for after the append, within limits, and never delay it; what a later fact repairs is no
 * longer a finding.
 */
import { kinds } from "../../../projections/kinds.ts";
import type { DecisionView } from "../../../projections/view.ts";
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
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import { fixOf } from "../../answers/finding-fixes.ts";

/** A finding as the answer to an append shows it. */
interface MadeFinding {
  readonly kind: string;
  /** The fact that does not fit: an event of the request, or an earlier fact that had fitted. */
  readonly eventId: string;
  readonly at: string;
  readonly fix: string;
}

/** What is used of an input that was appended. */
interface Stated {
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
}

/** The members of the ledger that are needed to fold the entities of an append. */
type FoldedLedger = Pick<Ledger, "sequence" | "waitFor" | "view" | "factCount" | "movedBy">;

/**
 * The outcomes that are looked at: appended events; for a single event also a duplicate, so that its answer is the same
 * again.
 */
type Outcomes = readonly Submission["status"][];

/** What findings are looked for, from an instant on. */
interface Looked {
  readonly subject: Subject;
  readonly from: number;
}

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
  readonly #subjects = new Map<string, Looked>();
  /** Sequences of corrections and retractions, whose subjects are known once the views contain them. */
  readonly #corrections: number[] = [];
  #first = Infinity;
  #last = 0;
  #isWhole = true;

  /** Notes what became of inputs. */
  note(
    inputs: readonly unknown[],
    submissions: readonly Submission[],
    outcomes: Outcomes = ["appended"],
  ): void {
    for (const [i, submission] of submissions.entries()) {
      if (submission.status === "refused" || !outcomes.includes(submission.status)) continue;
      const { sequence } = submission;
      if (sequence === null || this.#isFull) {
        this.#isWhole = false;
        continue;
      }
      this.#first = Math.min(this.#first, sequence);
      this.#last = Math.max(this.#last, sequence);
      const { type, data, occurredAt } = inputs[i] as Stated;
      if (!isEventType(type)) continue;
      if (definitionOf(type).entity === "correction") this.#corrections.push(sequence);
      else this.#add(subjectOf(type, data), parseInstant(occurredAt) ?? -Infinity);
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
      // The event that was amended may be of any time.
      for (const subject of ledger.movedBy(sequence)) this.#add(subject, -Infinity);
    }
    const viewsOf = this.#views(ledger);
    const made: MadeFinding[] = [];
    let factsLeft = maxFactsForFindings;
    let isWhole = this.#isWhole;
    for (const looked of this.#subjects.values()) {
      const { subject, from } = looked;
      const facts = ledger.factCount(subject, from);
      // A busy thing is left out; the others of the request may still be looked at.
      if (facts > factsLeft || !budget.take(facts)) {
        isWhole = false;
        continue;
      }
      factsLeft -= facts;
      const { before, after } = viewsOf(subject.cluster);
      const found = findingsOf(after, looked);
      // Mostly there are none, and then there is no need to fold what was before.
      if (found.length === 0) continue;
      if (budget.take(facts)) made.push(...newIn(found, findingsOf(before, looked)));
      else isWhole = false;
    }
    if (made.length <= maxMadeFindings) return { made, isWhole };
    return { made: made.slice(0, maxMadeFindings), isWhole: false };
  }

  get #isFull(): boolean {
    return this.#subjects.size + this.#corrections.length >= maxSubjectsForFindings;
  }

  /** Of an event at an instant. */
  #add(subject: Subject | null, at: number): void {
    if (subject === null || !isFolded(subject.kind)) return;
    const key = subjectKey(subject);
    // What came before may still be undecided when the event happens, for as long as the kind says.
    const undecidedMs = kinds[subject.kind].closing?.lingersMs ?? Infinity;
    const from = Math.min(at - undecidedMs, this.#subjects.get(key)?.from ?? Infinity);
    this.#subjects.set(key, { subject, from });
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
  readonly before: DecisionView;
  readonly after: DecisionView;
}

/** What is there after the request and was not before it. */
function newIn(after: readonly Finding[], before: readonly Finding[]): MadeFinding[] {
  const known = new Set(before.map(({ kind, factId }) => `${kind} ${factId}`));
  return after
    .filter(({ kind, factId }) => !known.has(`${kind} ${factId}`))
    .map(({ kind, factId, at }) => ({
      kind,
      eventId: factId,
      at: formatInstant(at),
      fix: fixOf(kind),
    }));
}

function findingsOf(
  view: DecisionView,
  { subject: { kind, name }, from }: Looked,
): readonly Finding[] {
  return isFolded(kind) ? view.findingsFrom(kind, name, from) : [];
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
  const outcomes: Outcomes = submissions.length === 1 ? ["appended", "duplicate"] : ["appended"];
  if (submissions.every(({ status }) => !outcomes.includes(status))) return {};
  const subjects = new RequestSubjects();
  subjects.note(inputs, submissions, outcomes);
  return await findingsJson(context, subjects);
}
