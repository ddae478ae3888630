/**
 * A ledger that is stored in KurrentDB. Appends go there, at exact revisions. All reads come from the mirror, an
 * embedded ledger beside it that a subscription fills. An append is answered once the mirror has it. So its sequences
 * are known, senders read their own writes, and what the server acknowledged is compared with what was sent (the
 * server itself compares only ids).
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { StoredEvent } from "../../events/envelope.ts";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { appendPatienceMs, storePatienceMs, storeStartMs } from "../../limits/kurrentdb.ts";
import { type EmbeddedStore, openEmbeddedStore } from "../sqlite/embedded.ts";
import type {
  AppendOptions,
  AppendOutcome,
  EventFilter,
  LeaseRole,
  LedgerHead,
  StoreStatus,
  StoreTrouble,
  StreamAppend,
} from "../port.ts";
import { leftBehind, stoppedFor } from "./unavailable.ts";
import { guardStore } from "./client/access.ts";
import { KurrentDbAppender, type SentPart, type TimedPart, isUnanswered } from "./appender.ts";
import { KurrentDbClient } from "./client/client.ts";
import { StoreLease, sealing, timers } from "./lease.ts";
import { storeStatus } from "./status.ts";
import { readStoreMark, writeStoreMark } from "./marks.ts";
import type { KurrentDbName } from "./client/name.ts";
import { parseKurrentDbName } from "./client/name.ts";
import { firstAnswer, isAway } from "./start.ts";
import type { LeafStore, StoredLeaves } from "../leaf-store.ts";
import { Mirror } from "../mirror/mirror.ts";
import { openAsItLies } from "../mirror/stop.ts";
import { closed, refused } from "../refusals.ts";
import { StreamQueues } from "../stream-queues.ts";
import type { Say } from "../telling.ts";
import { assertWellFormed } from "../well-formed-append.ts";

interface KurrentDbOptions {
  /** `esdb://…` or `kurrentdb://…`, with `#data=DIR`. */
  readonly name: string;
  readonly mode: "read" | "write";
  /** Default: `candidate` when opened for writing. */
  readonly lease?: LeaseRole | undefined;
  /** Whether a reader uses the mirror alone while the store is unavailable. Default: true. */
  readonly mayLagBehind?: boolean | undefined;
  /** Called while the mirror is filled, with the bytes of the store's log read so far and in total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Called with messages for the operator. */
  readonly say?: Say | undefined;
}

/**
 * Opens the ledger and brings its mirror up to date with the store. When opened for reading, a mirror that another
 * process fills is read as it is, and so is any mirror whose store is unavailable. Throws `invalid-request`,
 * `store-unavailable`, `ledger-locked` and what the embedded store throws.
 */
export async function openKurrentDbStore(options: KurrentDbOptions): Promise<LeafStore> {
  const name = parseKurrentDbName(options.name);
  if (name.dataDir === null || name.dataDir === "") {
    throw new LedgerError(
      "invalid-request",
      `${name.description} needs a directory for its mirror`,
    );
  }
  mkdirSync(name.dataDir, { recursive: true });
  const path = join(name.dataDir, "mirror.sqlite");
  let mirrored: EmbeddedStore;
  try {
    mirrored = await openEmbeddedStore({ path, mode: "write", isDerived: true, say: options.say });
  } catch (error) {
    if (options.mode === "write" || !isLedgerError(error, "ledger-locked")) throw error;
    // Another process fills the mirror.
    return await openAsItLies(path, options.say);
  }
  const { mode, mayLagBehind = true, say = () => undefined } = options;
  const store = new KurrentDbStore(name, mirrored, say);
  try {
    await store.start(options);
    return store;
  } catch (error) {
    const isEmpty = (await mirrored.head()).sequence === 0;
    await store.close();
    if (mode === "write" || !mayLagBehind || isEmpty || !isAway(error)) throw error;
    return await leftBehind(path, error, say);
  }
}

class KurrentDbStore implements LeafStore {
  readonly description: string;
  readonly localPath: string;
  readonly #client: KurrentDbClient;
  readonly #mirrored: EmbeddedStore;
  readonly #mirror: Mirror;
  readonly #say: Say;
  readonly #lease: StoreLease;
  readonly #timersLease: StoreLease;
  readonly #queues = new StreamQueues<SentPart>();
  readonly #appender: KurrentDbAppender;
  #closing: Promise<void> | null = null;

  constructor(name: KurrentDbName, mirrored: EmbeddedStore, say: Say) {
    this.description = name.description;
    this.localPath = mirrored.description.slice("sqlite:".length);
    this.#client = new KurrentDbClient(name);
    this.#mirrored = mirrored;
    this.#say = say;
    this.#mirror = new Mirror({ client: this.#client, store: mirrored, say });
    const isUpToDate = () => this.#mirror.couldSeal;
    this.#lease = new StoreLease(this.#client, sealing, say, isUpToDate);
    this.#timersLease = new StoreLease(this.#client, timers, say, isUpToDate);
    this.#appender = new KurrentDbAppender(this.#client, mirrored, this.#mirror, say);
  }

  async start({
    mode,
    lease = mode === "write" ? "candidate" : "none",
    mayLagBehind = true,
    onProgress = () => undefined,
  }: KurrentDbOptions): Promise<void> {
    const isPatient = mode === "write" || !mayLagBehind;
    const limitMs = isPatient ? storeStartMs : storePatienceMs;
    const goal = await firstAnswer(this.#client, { limitMs, say: this.#say });
    if (mode === "write") await guardStore(this.#client, this.#say);
    this.#lease.start(lease);
    await this.#mirror.start(limitMs);
    if (goal === null) return;
    const total = Number(goal.commit);
    await this.#mirror.reach(goal, () => {
      onProgress(Math.min(total, Number(this.#mirror.position?.commit ?? 0n)), total);
    });
  }

  async append(
    parts: readonly StreamAppend[],
    { inOrder = false, patientUntil = performance.now() + appendPatienceMs }: AppendOptions = {},
  ): Promise<readonly AppendOutcome[]> {
    for (const part of parts) assertWellFormed(part);
    const stopped = this.#closing === null ? stoppedFor(this.#mirror.failure) : closed();
    if (stopped !== null) return refused(parts, stopped);
    const timed = parts.map((part) => ({ part, patientUntil }));
    if (inOrder) return await this.#appendInOrder(timed);
    return await Promise.all(
      timed.map(async (each) => {
        const { outcome } = await this.#send(each);
        return await outcome;
      }),
    );
  }

  /** Resolves when the next part may follow; parts of one stream are sent one after another. */
  async #send(timed: TimedPart): Promise<SentPart> {
    return await this.#queues.run(timed.part.stream, async (before) => {
      const sent = await this.#appender.sendBehind(before, timed);
      await sent.turn;
      return sent;
    });
  }

  /** Sends each part once the server has accepted the one before, so that they are in this order in the log. */
  async #appendInOrder(parts: readonly TimedPart[]): Promise<readonly AppendOutcome[]> {
    const sent: SentPart[] = [];
    for (const part of parts) {
      const before = sent.at(-1);
      const isInVain = before !== undefined && (await isUnanswered(before));
      sent.push(isInVain ? before : await this.#send(part));
    }
    return await Promise.all(sent.map(({ outcome }) => outcome));
  }

  status(): StoreStatus {
    const leases = { sealing: this.#lease.status(), timers: this.#timersLease.status() };
    return storeStatus(this.#mirror.status(), leases, this.#appender);
  }

  takePartInTimers(): void {
    this.#timersLease.start("candidate");
  }

  drivesTimers(): boolean {
    return this.#timersLease.status().isOurs;
  }

  troubles(): readonly StoreTrouble[] {
    return this.#mirrored.troubles();
  }

  stopTrying(): void {
    this.#appender.giveUp();
  }

  async reachEnd(stream: string, patientUntil: number): Promise<void> {
    if (this.#closing !== null) throw closed();
    await this.#appender.reachEnd(stream, patientUntil);
  }

  distrust(why: LedgerError, signer: string | null): void {
    this.#mirror.distrust(why, signer);
  }

  trust(signer: string | null): void {
    this.#mirror.trust(signer);
  }

  streamRevision(stream: string): Promise<bigint | null> {
    return this.#mirrored.streamRevision(stream);
  }

  readStream(stream: string, fromRevision?: bigint): AsyncIterable<StoredEvent> {
    return this.#mirrored.readStream(stream, fromRevision);
  }

  readAll(
    after: number,
    options?: { readonly upTo?: number; readonly batchSize?: number },
  ): AsyncIterable<readonly StoredEvent[]> {
    return this.#mirrored.readAll(after, options);
  }

  subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]> {
    return this.#mirrored.subscribe(after, signal);
  }

  query(filter: EventFilter): Promise<readonly StoredEvent[]> {
    return this.#mirrored.query(filter);
  }

  findById(id: string): Promise<StoredEvent | null> {
    return this.#mirrored.findById(id);
  }

  findByIds(ids: readonly string[]): Promise<readonly StoredEvent[]> {
    return this.#mirrored.findByIds(ids);
  }

  readAt(sequence: number): Promise<StoredEvent | null> {
    return this.#mirrored.readAt(sequence);
  }

  head(): Promise<LedgerHead> {
    return this.#mirrored.head();
  }

  readLeaves(
    after: number,
    options?: { readonly upTo?: number; readonly batchSize?: number },
  ): AsyncIterable<readonly string[]> {
    return this.#mirrored.readLeaves(after, options);
  }

  leafHashes(from: number, to: number): Promise<Buffer> {
    return this.#mirrored.leafHashes(from, to);
  }

  storedLeaves(): Promise<StoredLeaves> {
    return this.#mirrored.storedLeaves();
  }

  firstDecision(): Promise<number | null> {
    return this.#mirrored.firstDecision();
  }

  async mark(name: string): Promise<string | null> {
    if (this.#closing !== null) throw closed();
    const value = await readStoreMark(this.#client, name);
    await this.#keepMark(name, value);
    return value;
  }

  async setMark(name: string, value: string): Promise<void> {
    if (this.#closing !== null) throw closed();
    await writeStoreMark(this.#client, name, value);
    await this.#keepMark(name, value);
  }

  /** Keeps the mark in the mirror's file too, for other readers of that file and for its backups. */
  async #keepMark(name: string, value: string | null): Promise<void> {
    if (value === null || (await this.#mirrored.mark(name)) === value) return;
    await this.#mirrored.setMark(name, value);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    // Appends in flight still get their answer; nothing is retried.
    this.#appender.giveUp();
    await this.#queues.idle();
    await this.#appender.idle();
    await this.#timersLease.stop();
    await this.#lease.stop();
    await this.#mirror.stop();
    await this.#client.dispose();
    await this.#mirrored.close();
  }
}
