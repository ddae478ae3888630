/**
 * The findings that a request made: what its events left behind that does not fit, be it they themselves
 * or facts that had fitted before. It is looked for after the append, within bounds, and never in the
 * way of it; what a later fact mends is no longer a finding.
 */
import type { ClusterView } from "../../projections/cluster-view.ts";
import type { Finding } from "../../projections/finding.ts";
import { isEventType } from "../events/catalogue.ts";
import { isLedgerError } from "../errors.ts";
import type { Ledger, Submission } from "../ledger/ledger.ts";
import {
  maxFactsForFindings,
  maxFindingsWaitMs,
  maxMadeFindings,
  maxSubjectsForFindings,
} from "../limits.ts";
import type { Subject } from "../projector/subjects.ts";
import { subjectOfData } from "../projector/subjects.ts";
import { formatInstant } from "../time/instant.ts";
import { mendOf } from "./finding-words.ts";

/** A finding as the answer to an append tells it. */
export interface MadeFinding {
  readonly kind: string;
  /** The fact that does not fit: an event of the request, or one that had fitted before it. */
  readonly eventId: string;
  readonly at: string;
  readonly mend: string;
}

/** Which outcomes are looked at: what was appended; of one event alone also a duplicate, whose answer is to be the same again. */
type Looked = readonly Submission["status"][];

/** What a request's events are about, and where it stands in the ledger. */
export class RequestSubjects {
  readonly #subjects = new Map<string, Subject>();
  #first = Infinity;
  #last = 0;
  #isWhole = true;

  /** Notes what became of inputs. Never rejects. */
  async note(
    ledger: Pick<Ledger, "store">,
    inputs: readonly unknown[],
    submissions: readonly Submission[],
    looked: Looked = ["appended"],
  ): Promise<void> {
    for (const [i, submission] of submissions.entries()) {
      if (submission.status === "refused" || !looked.includes(submission.status)) continue;
      if (submission.sequence === null || this.#subjects.size >= maxSubjectsForFindings) {
        this.#isWhole = false;
        continue;
      }
      this.#first = Math.min(this.#first, submission.sequence);
      this.#last = Math.max(this.#last, submission.sequence);
      await this.#noteSubjects(ledger, inputs[i]);
    }
  }

  async #noteSubjects(ledger: Pick<Ledger, "store">, input: unknown): Promise<void> {
    try {
      for (const subject of await subjectsOf(ledger, input)) {
        this.#subjects.set(`${subject.kind} ${subject.name} ${subject.cluster}`, subject);
      }
    } catch {
      // What a correction names could not be read: the append is acknowledged all the same.
      this.#isWhole = false;
    }
  }

  /** The findings that are there now and were not before; `isWhole` is false where something was not looked at. */
  async findings(
    ledger: Ledger,
    limit = maxMadeFindings,
  ): Promise<{ readonly made: readonly MadeFinding[]; readonly isWhole: boolean }> {
    if (this.#subjects.size === 0) return { made: [], isWhole: this.#isWhole };
    if (!(await isReached(ledger, this.#last))) return { made: [], isWhole: false };
    const made: MadeFinding[] = [];
    let factsLeft = maxFactsForFindings;
    let isWhole = this.#isWhole;
    for (const subject of this.#subjects.values()) {
      factsLeft -= ledger.factCount(subject);
      if (factsLeft < 0) {
        isWhole = false;
        break;
      }
      const before = findingsOf(ledger.view(subject.cluster, this.#first - 1), subject);
      const known = new Set(before.map(({ kind, factId }) => `${kind} ${factId}`));
      for (const { kind, factId, at } of findingsOf(
        ledger.view(subject.cluster, this.#last),
        subject,
      )) {
        if (known.has(`${kind} ${factId}`)) continue;
        made.push({ kind, eventId: factId, at: formatInstant(at), mend: mendOf(kind) });
      }
    }
    if (made.length > limit) return { made: made.slice(0, limit), isWhole: false };
    return { made, isWhole };
  }
}

/** What an input that was appended is about: of a correction what it corrects, as it was and as it is to be. */
async function subjectsOf({ store }: Pick<Ledger, "store">, input: unknown): Promise<Subject[]> {
  const { type, data } = input as { readonly type: string; readonly data: object };
  if (!isEventType(type)) return [];
  const own = subjectOfData(type, data);
  if (own !== null) return isFolded(own) ? [own] : [];
  // A correction of a correction names that, and so on, to the fact itself.
  let inner: { readonly data: object } = { data };
  let moved: object = data;
  for (;;) {
    const { eventId } = inner.data as { readonly eventId?: unknown };
    if (typeof eventId !== "string") break;
    const named = await store.findById(eventId.toLowerCase());
    if (named === null) return [];
    const fact = subjectOfData(named.type, named.data);
    while ("data" in moved && typeof moved.data === "object" && moved.data !== null)
      moved = moved.data;
    if (fact !== null) {
      const then = subjectOfData(named.type, moved);
      return [fact, ...(then === null ? [] : [then])].filter(isFolded);
    }
    inner = named;
  }
  return [];
}

function isFolded({ kind }: Subject): boolean {
  return kind !== "cluster" && kind !== "other";
}

function findingsOf(view: ClusterView, { kind, name }: Subject): readonly Finding[] {
  if (kind === "node") return view.node(name)?.findings ?? [];
  if (kind === "job") return view.job(name)?.findings ?? [];
  if (kind === "rollout") return view.rollout(name)?.findings ?? [];
  return view.nfz(name)?.findings ?? [];
}

async function isReached(ledger: Ledger, sequence: number): Promise<boolean> {
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

/** What the answer to one request says of findings. Never rejects. */
export async function findingsJson(
  ledger: Ledger,
  subjects: RequestSubjects,
): Promise<FindingsJson> {
  try {
    const { made, isWhole } = await subjects.findings(ledger);
    return { findings: made, findingsComplete: isWhole };
  } catch {
    // The events are in the ledger, and that is what the answer acknowledges; views that fail say so at /readyz.
    return { findings: [], findingsComplete: false };
  }
}

/** The same of one event, or of a list that was submitted whole. A list of one says the same as its event. Never rejects. */
export async function findingsMadeBy(
  ledger: Ledger,
  inputs: readonly unknown[],
  submissions: readonly Submission[],
): Promise<FindingsJson> {
  const looked: Looked = submissions.length === 1 ? ["appended", "duplicate"] : ["appended"];
  if (submissions.every(({ status }) => !looked.includes(status))) return {};
  const subjects = new RequestSubjects();
  await subjects.note(ledger, inputs, submissions, looked);
  return await findingsJson(ledger, subjects);
}
