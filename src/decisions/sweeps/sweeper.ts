/**
 * Sweeps while the ledger serves: at startup, when no-fly zones begin, end or change, when an override ends, when a
 * rollout starts or resumes within a zone, and at least every minute.
 */
import { isLedgerError } from "../../errors.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { inChargeLookMs, sweepAtLeastMs, sweepAgainMs } from "../../limits/decisions.ts";
import type { Deciding, NamedRollout } from "../command/deciding.ts";
import { decisionInstant } from "../command/instant.ts";
import { foldAround } from "../command/world.ts";
import { type SweptRollout, sweepCluster, sweepOne } from "./sweep.ts";

interface SweeperOptions {
  readonly deciding: Deciding;
  /** What timers do before sweeping: record further occurrences of NFZs with a rule. */
  readonly resolve: () => Promise<void>;
  /** Whether this process runs the timers; for a ledger in a file it always does. */
  readonly isInCharge: () => boolean;
  readonly onSwept: (swept: SweptRollout) => void;
  /** Called with an error; the next turn tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** Facts after which any rollout may be held or released. */
const ofAll: ReadonlySet<EventType> = new Set<EventType>([
  "NfzDeclared",
  "NfzResolved",
  "NfzExtended",
  "NfzShortened",
  "NfzLifted",
  "NfzCancelled",
  // An override that ends before the next change must be known, so that its end is not missed.
  "RolloutOverrideGranted",
  "FactCorrected",
  "FactRetracted",
]);

/** Facts after which one rollout may be held or released. */
const ofOne: ReadonlySet<EventType> = new Set<EventType>([
  "RolloutBlocked",
  "RolloutOverrideRevoked",
  "RolloutStarted",
  "RolloutProgressed",
  "RolloutResumed",
]);

const watched: ReadonlySet<EventType> = new Set([...ofAll, ...ofOne]);

interface Due {
  isAll: boolean;
  /** By cluster and id. */
  readonly rollouts: Map<string, NamedRollout>;
  /** Those that this process has let start or go on: it looks after them, whoever is in charge. */
  readonly letGo: Map<string, NamedRollout>;
}

export class Sweeper {
  readonly #options: SweeperOptions;
  #seen: number;
  #due: Due = nothingDue();
  #running: Promise<void> | null = null;
  #folding: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopListening: () => void = () => undefined;
  #isStopped = false;
  #wasInCharge = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#seen = options.deciding.ledger.sequence();
  }

  /** Sweeps once, then whenever there may be something to do. */
  async start(): Promise<void> {
    const { deciding } = this.#options;
    const { ledger } = deciding;
    this.#stopListening = ledger.onProjected((sequence) => this.#look(sequence));
    deciding.listenForLetGo((each) => {
      this.#due.letGo.set(keyOf(each), each);
      void this.#turn();
    });
    await this.sweepAll();
  }

  /** Resolves when every rollout was swept, with everything known at the call. */
  async sweepAll(): Promise<void> {
    this.#due.isAll = true;
    await this.#turn();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
    await this.#folding;
  }

  #look(sequence: number): void {
    const { ledger } = this.#options.deciding;
    for (const event of ledger.eventsOf(watched, this.#seen, sequence)) this.#note(event);
    this.#seen = Math.max(this.#seen, sequence);
    if (this.#due.isAll || this.#due.rollouts.size > 0) void this.#turn();
  }

  #note({ type, data }: RawEvent): void {
    if (ofAll.has(type)) this.#due.isAll = true;
    else if ("rollout" in data) {
      const { cluster, rollout } = data;
      this.#due.rollouts.set(keyOf(data), { cluster, rollout });
    }
  }

  /** What becomes due during a turn is done in the next turn. */
  async #turn(): Promise<void> {
    while (this.#running !== null) await this.#running;
    if (this.#isStopped) return;
    this.#running = this.#work();
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #work(): Promise<void> {
    const due = this.#due;
    this.#due = nothingDue();
    const isInCharge = this.#options.isInCharge();
    // A process that takes over does not know what the one before had done.
    if (isInCharge && !this.#wasInCharge) due.isAll = true;
    this.#wasInCharge = isInCharge;
    let nextMs = sweepAtLeastMs;
    try {
      if (isInCharge && due.isAll) nextMs = await this.#sweepAll();
      else await this.#sweepSome(isInCharge ? due : { ...due, rollouts: due.letGo });
    } catch (error) {
      due.isAll = true;
      nextMs = sweepAgainMs;
      // Nobody else looks after these.
      for (const [key, each] of due.letGo) this.#due.letGo.set(key, each);
      this.#options.onFailure(error);
    }
    if (isInCharge && due.isAll) this.#foldForCommands();
    // A process that is not in charge checks often, so that little waits when it takes over.
    if (!isInCharge) this.#wakeIn(inChargeLookMs);
    else if (due.isAll || this.#timer === null) this.#wakeIn(nextMs);
  }

  /**
   * Folds in turns, and waited for by nobody, what the next commands see of each cluster: a sweep does so only where
   * something waits or runs, and a command would do it in one piece.
   */
  #foldForCommands(): void {
    const { deciding, onFailure } = this.#options;
    const { ledger } = deciding;
    const fold = async (): Promise<void> => {
      for (const cluster of ledger.clusters()) {
        if (this.#isStopped) return;
        const view = ledger.view(cluster);
        await foldAround(ledger, view, decisionInstant(ledger, view.sequence, -Infinity));
      }
    };
    this.#folding ??= fold()
      .catch(onFailure)
      .finally(() => {
        this.#folding = null;
      });
  }

  /** Milliseconds until the next turn. */
  async #sweepAll(): Promise<number> {
    const { deciding, onSwept, resolve } = this.#options;
    const { ledger } = deciding;
    let nextAt = Infinity;
    let areAllDone = await this.#attempt(resolve);
    for (const cluster of ledger.clusters()) {
      const isDone = await this.#attempt(async () => {
        const done = await sweepCluster(deciding, cluster);
        for (const each of done.swept) onSwept(each);
        nextAt = Math.min(nextAt, done.nextAt);
      });
      areAllDone &&= isDone;
    }
    const untilNextMs = Math.min(Math.max(ledger.msUntil(nextAt), 1), sweepAtLeastMs);
    return areAllDone ? untilNextMs : Math.min(untilNextMs, sweepAgainMs);
  }

  /** Whether it succeeded. What fails for one zone or cluster holds up no other; a store that is away holds up all. */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (isLedgerError(error, "store-unavailable")) throw error;
      this.#options.onFailure(error);
      return false;
    }
  }

  async #sweepSome({ rollouts, letGo }: Due): Promise<void> {
    const { deciding, onSwept } = this.#options;
    for (const { cluster, rollout } of new Map([...rollouts, ...letGo]).values()) {
      const swept = await sweepOne(deciding, cluster, rollout);
      if (swept !== null) onSwept(swept);
    }
  }

  #wakeIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // Whether that is this process's to do is decided by the turn: charge may change until then.
      this.#due.isAll = true;
      void this.#turn();
    }, ms).unref();
  }
}

function nothingDue(): Due {
  return { isAll: false, rollouts: new Map(), letGo: new Map() };
}

function keyOf({ cluster, rollout }: NamedRollout): string {
  return `${cluster} ${rollout}`;
}
