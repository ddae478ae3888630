/** A world: a store, processes, a clock, and everything that was decided in it, each held against the policy's text. */
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { rolloutKind } from "../../../projections/rollouts/kind.ts";
import { type Outcome, type Draft, append } from "../../../src/decisions/command/drafts.ts";
import type { KeptPlaces } from "../../../src/decisions/command/kept-places.ts";
import { noGates } from "../no-gates.ts";
import { decisionInstant } from "../../../src/decisions/command/instant.ts";
import type { OwnFacts } from "../../../src/decisions/command/facts-of-stream.ts";
import { worldAt } from "../../../src/decisions/command/world.ts";
import { type RolloutCommand, decideRollout } from "../../../src/decisions/rollouts/commands.ts";
import type { RolloutContext } from "../../../src/decisions/rollouts/context.ts";
import { sweepRollout } from "../../../src/decisions/sweeps/sweep-rollout.ts";
import type { RandomSource } from "../../histories/random-source.ts";
import { begin } from "../../projections/history.ts";
import { effectiveFacts } from "../../projections/effective-facts-at.ts";
import { anybody } from "../situation.ts";
import { expectedAsk, expectedSweep, holding, racksBy } from "./holding.ts";
import { type PageNfz, type PageRollout, nfzsBy, rolloutOf } from "./page.ts";
import { ModelStore, Process } from "./store.ts";

/** A decision as it was made: enough to make it again. */
export interface Made {
  readonly what: RolloutCommand | "sweep";
  readonly rollout: string;
  readonly P: number;
  readonly at: number;
  /** How many events its stream had. */
  readonly length: number;
  /** The sequence of its first event. */
  readonly sequence: number;
  readonly outcome: string;
}

/** What a decision sees: the rollout's own first events, all others up to P, by an instant. */
export type Reading = Pick<Made, "rollout" | "P" | "length" | "at">;

/** What a decision about a rollout is to be held against. */
export interface Seen {
  readonly status: PageRollout;
  readonly nfzs: readonly PageNfz[];
  readonly F: readonly PageNfz[];
}

export class World {
  readonly random: RandomSource;
  readonly store = new ModelStore();
  readonly processes: readonly Process[];
  nowMs = begin;
  readonly made: Made[] = [];
  readonly counts = { asks: 0, starts: 0, refusals: 0, sweeps: 0, retries: 0, slips: 0, nfzs: 0 };
  /** Called between what a process reads and what it appends. */
  meanwhile: () => void = () => undefined;

  constructor(random: RandomSource, isEmbedded: boolean) {
    this.random = random;
    const makeProcess = () => new Process(this.store, isEmbedded);
    this.processes = isEmbedded ? [makeProcess()] : [makeProcess(), makeProcess()];
  }

  get isEmbedded(): boolean {
    return this.processes.length === 1;
  }

  clockOf(process: Process): number {
    return this.nowMs + process.offsetMs;
  }

  instant(process: Process, P: number, latestOwnAt: number): number {
    const view = () => this.store.viewAt(P);
    const ledger = { clusters: () => ["c"], view, nowMs: () => this.clockOf(process) };
    const at = decisionInstant(ledger, P, latestOwnAt);
    this.#checkInstant(process, P, latestOwnAt, at);
    return at;
  }

  /** Decides as a process does, anew where the stream has moved on. */
  decide(process: Process, rollout: string, what: Made["what"]): void {
    for (let attempt = 0; attempt < 10; attempt++) {
      const { P } = process;
      const length = this.store.stream(`rollout-${rollout}`).length;
      const own = this.store.ownFacts("rollout", rollout, P, length);
      if (own.byCluster.size === 0) return;
      const at = this.instant(process, P, own.latestAt);
      const outcome = this.#outcomeOf({ rollout, P, at }, what, own, process.places);
      this.#checkExpected(what, outcome, { rollout, P, length, at });
      if (outcome.kind !== "append" || outcome.drafts.length === 0) return;
      if (!this.isEmbedded) this.meanwhile();
      if (this.appendDecided(process, `rollout-${rollout}`, length, outcome.drafts, P, at)) {
        const sequence = this.store.events.length - outcome.drafts.length + 1;
        const text = JSON.stringify(outcome);
        this.made.push({ what, rollout, P, at, length, sequence, outcome: text });
        return;
      }
      this.counts.retries++;
    }
  }

  /** Whether the stream stood as it was read. */
  appendDecided(
    process: Process,
    stream: string,
    length: number,
    drafts: readonly Draft[],
    P: number,
    at: number,
  ): boolean {
    const stated = drafts.map(({ type, data }) => ({
      id: this.random.uuid(),
      type,
      occurredAt: at,
      data,
      decision: { command: "decided", sequence: P },
    }));
    const isTaken = this.store.append(stream, length, stated, this.clockOf(process));
    if (isTaken) process.hasDecided(at);
    return isTaken;
  }

  /** What the decision comes to when it is made once more from the record. */
  decidedAnew({ what, rollout, P, at, length }: Made): string {
    const own = this.store.ownFacts("rollout", rollout, P, length);
    return JSON.stringify(this.#outcomeOf({ rollout, P, at }, what, own));
  }

  /** How the policy's text has a rollout and what holds it, by some facts. */
  seen({ rollout, P, length, at }: Reading, others = this.store.factsAt(P)): Seen {
    const own = this.store.stream(`rollout-${rollout}`).slice(0, length);
    const stated = new Set(own.map(({ id }) => id));
    const moved = this.store
      .factsAt(P)
      .filter(({ id, data }) => !stated.has(id) && "rollout" in data && data.rollout === rollout);
    const facts = effectiveFacts(own, Infinity).filter(
      ({ data }) => "rollout" in data && data.rollout === rollout,
    );
    const status = rolloutOf([...facts, ...moved]);
    const nfzs = nfzsBy(others, at);
    const F = holding(status, nfzs, racksBy(others, at), at);
    return { status, nfzs, F };
  }

  #outcomeOf(
    { rollout, P, at }: Omit<Reading, "length">,
    what: Made["what"],
    own: OwnFacts,
    places?: KeptPlaces,
  ): Outcome {
    const { status } = foldEntity(rolloutKind, rollout, own.byCluster.get("c") ?? []);
    const world = worldAt(this.store.viewAt(P), at, places);
    const context: RolloutContext = { rollout, world, status, caller: anybody };
    if (what !== "sweep") return decideRollout(context, what, noGates);
    return append(...(sweepRollout(context)?.drafts ?? []));
  }

  #checkExpected(what: Made["what"], outcome: Outcome, reading: Reading): void {
    const { status, nfzs, F } = this.seen(reading);
    const { rollout, at } = reading;
    const told = inWords(outcome);
    let expected: string | null = null;
    if (what === "sweep") {
      this.counts.sweeps++;
      expected = expectedSweep(status, F, nfzs, at);
    } else if (what.name === "start" || what.name === "resume") {
      this.counts.asks++;
      expected = expectedAsk(what.name, status, F, at);
      if (expected.startsWith("RolloutBlocked")) this.counts.refusals++;
      else if (/Started$|Resumed$/v.test(expected)) this.counts.starts++;
    }
    if (expected !== null && told !== expected)
      throw new Error(
        `${JSON.stringify(what)} of ${rollout} (${status.state}) made "${told}", not "${expected}"`,
      );
  }

  /** Decisions rise: after the own facts, and not before ledger time, the clock, and any decision about an NFZ. */
  #checkInstant(process: Process, P: number, latestOwnAt: number, at: number): void {
    let least = Math.max(latestOwnAt + 1, this.clockOf(process));
    for (const event of this.store.events.slice(0, P)) least = Math.max(least, event.recordedAt);
    const view = this.store.viewAt(P);
    for (const name of view.names("nfz"))
      for (const { decision } of view.entity("nfz", name)?.applied ?? [])
        least = Math.max(least, decision?.at ?? 0);
    if (at < least) throw new Error(`a decision at ${at} is earlier than ${least}`);
  }
}

/** The events of an outcome, each with the NFZs that it names. */
function inWords(outcome: Outcome): string {
  if (outcome.kind === "already") return "already";
  if (outcome.kind === "refused") return outcome.by === null ? outcome.refusal.code : "again";
  return outcome.drafts
    .map(({ type, data }) => ("nfzIds" in data ? `${type}:${data.nfzIds?.join(",")}` : type))
    .join(" ");
}
