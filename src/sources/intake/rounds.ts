/**
 * Settling in rounds: what all payloads that wait tell of different streams is settled and appended in one turn of the
 * ledger's writer, so that a thousand small payloads a second share their commits. Of one stream, a round takes what one
 * payload tells; the next sees what became of it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxSettleAttempts, streamsPerTurn } from "../../limits/sources.ts";
import type { Settled, Surroundings, Task } from "../reconcile/task.ts";

/** What one payload tells of one stream. */
export interface StreamTasks {
  readonly stream: string;
  readonly tasks: readonly Task[];
  /** What every event says of itself. */
  readonly said: object;
}

/** How it was settled, and what became of the events, one for each draft. */
export interface StreamOutcome {
  readonly settled: readonly Settled[];
  readonly outcomes: readonly Submission[];
}

interface Waiting extends StreamTasks {
  attempts: number;
  readonly resolve: (outcome: StreamOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** What a round has made of one stream. */
interface Part {
  readonly of: Waiting;
  readonly settled: readonly Settled[];
  readonly inputs: readonly object[];
}

class Rounds {
  readonly #ledger: Ledger;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Settles and appends. Rejects with what the ledger throws, and if nothing can be appended. */
  async settle(tasks: StreamTasks): Promise<StreamOutcome> {
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ ...tasks, attempts: 0, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // What comes in the same turn shares the first round.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const round = this.#nextRound();
      try {
        this.#waiting.unshift(...(await settleRound(this.#ledger, round)));
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    this.#isRunning = false;
  }

  #nextRound(): readonly Waiting[] {
    const [first] = this.#waiting;
    // Once overtaken, a stream has a round to itself: the store is read to the end of one stream for certain.
    if (first !== undefined && first.attempts > 0) return this.#waiting.splice(0, 1);
    const streams = new Set<string>();
    const round: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const each of this.#waiting) {
      if (round.length >= streamsPerTurn || streams.has(each.stream)) rest.push(each);
      else round.push(each);
      streams.add(each.stream);
    }
    this.#waiting = rest;
    return round;
  }
}

/** A process has one of each ledger: the writer's turns are shared by all that it takes. */
const known = new WeakMap<Ledger, Rounds>();

export function roundsOf(ledger: Ledger): Rounds {
  const rounds = known.get(ledger) ?? new Rounds(ledger);
  known.set(ledger, rounds);
  return rounds;
}

/** Settles and appends a round; returns what has to be settled anew. */
async function settleRound(ledger: Ledger, round: readonly Waiting[]): Promise<Waiting[]> {
  let parts: Part[] | null = null;
  const submissions = await ledger.submitDecided(at(round, 0).stream, async (P) => {
    parts = [];
    const revisions = new Map<string, bigint | null>();
    for (const each of round) {
      const events = await eventsOf(ledger, each.stream);
      revisions.set(each.stream, events.at(-1)?.revision ?? null);
      const part = settled(each, events, surroundings(ledger, P));
      if (part !== null) parts.push(part);
      await nextTurn();
    }
    return { inputs: parts.flatMap(({ inputs }) => inputs), revisions };
  });
  if (parts === null) throw whyNotTaken(submissions);
  return handOut(parts, submissions);
}

/** What fails while one payload is settled fails that payload alone. */
function settled(
  of: Waiting,
  events: readonly StoredEvent[],
  surrounding: Surroundings,
): Part | null {
  try {
    const made = of.tasks.map((task) => task.settle(events, surrounding));
    const drafts = made.flatMap(({ drafts: some }) => some);
    return { of, settled: made, inputs: drafts.map((draft) => ({ ...draft, ...of.said })) };
  } catch (error) {
    of.reject(error);
    return null;
  }
}

function handOut(parts: readonly Part[], submissions: readonly Submission[]): Waiting[] {
  const again: Waiting[] = [];
  let begin = 0;
  for (const { of, settled: made, inputs } of parts) {
    const outcomes = submissions.slice(begin, begin + inputs.length);
    begin += inputs.length;
    of.attempts++;
    if (of.attempts < maxSettleAttempts && outcomes.some(isOvertaken)) again.push(of);
    else of.resolve({ settled: made, outcomes });
  }
  return again;
}

export async function eventsOf(
  { store }: Pick<Ledger, "store">,
  stream: string,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(stream)) events.push(event);
  return events;
}

/** What a task may ask of the ledger as of a sequence. */
export function surroundings(ledger: Pick<Ledger, "view">, P: number): Surroundings {
  return {
    faultsOf: (cluster, node, from, to) =>
      ledger
        .view(cluster, P)
        .facts("node", node)
        .flatMap((fact) =>
          fact.type === "NodeFailed" && fact.occurredAt >= from && fact.occurredAt <= to
            ? [{ faultId: fact.data.faultId, from: fact.occurredAt }]
            : [],
        ),
  };
}

function isOvertaken(submission: Submission): boolean {
  if (submission.status !== "refused") return false;
  const { code } = submission.error;
  return code === "wrong-expected-revision" || code === "id-conflict";
}

function whyNotTaken(submissions: readonly Submission[]): LedgerError {
  const refusal = submissions.find((each) => each.status === "refused");
  return refusal?.error ?? new LedgerError("internal", "a payload had no turn");
}
