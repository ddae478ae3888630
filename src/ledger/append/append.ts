/**
 * Appends what a round has planned: one part per stream, at the stream's known revision. If the stream has moved on,
 * the new events are searched for the part's own ids before another attempt: an append whose outcome is unknown is not
 * written twice.
 */
import { LedgerError, isLedgerError } from "../../errors.ts";
import { maxAppendAttempts, maxKnownStreams } from "../../limits/store.ts";
import type {
  AppendOptions,
  AppendedPosition,
  EventStore,
  StreamAppend,
} from "../../store/port.ts";
import type { CheckedEvent } from "../../events/envelope.ts";
import type { Entry } from "./entry.ts";
import { refuse, settleAt } from "./entry.ts";
import { settleAgainst } from "./plan.ts";

interface Part {
  readonly stream: string;
  readonly entries: Entry[];
}

/** The last known revisions of streams; `null` for a stream that does not exist. */
export class KnownRevisions {
  readonly #store: EventStore;
  readonly #known = new Map<string, bigint | null>();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** The last known revision; undefined if nothing is known. */
  known(stream: string): bigint | null | undefined {
    return this.#known.get(stream);
  }

  async last(stream: string): Promise<bigint | null> {
    const known = this.#known.get(stream);
    return known !== undefined ? known : await this.read(stream);
  }

  async read(stream: string): Promise<bigint | null> {
    const revision = await this.#store.streamRevision(stream);
    this.set(stream, revision);
    return revision;
  }

  set(stream: string, revision: bigint | null): void {
    if (this.#known.size >= maxKnownStreams) this.#known.clear();
    this.#known.set(stream, revision);
  }
}

interface EntryOptions extends AppendOptions {
  /** Where each stream has to stand, `null` for one that must not be there: if it does not, its part is refused. */
  readonly exact?: ReadonlyMap<string, bigint | null> | undefined;
}

/**
 * Appends the entries and settles each. With `inOrder`, sequences follow the order of the entries; otherwise each
 * stream's entries are together.
 */
export async function appendEntries(
  store: EventStore,
  revisions: KnownRevisions,
  entries: readonly Entry[],
  { exact, ...options }: EntryOptions,
): Promise<void> {
  const { inOrder = false } = options;
  for (const [stream, revision] of exact ?? []) revisions.set(stream, revision);
  let waiting = entries;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    const parts = inOrder ? runsOf(waiting) : groupsOf(waiting);
    const outcomes = await store.append(await streamAppends(parts, revisions), options);
    const again: Entry[] = [];
    for (const [i, part] of parts.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined)
        throw new LedgerError("internal", "a stream's part of the append has no outcome");
      if (outcome.ok) {
        settleTaken(revisions, part, outcome.position);
        continue;
      }
      const isLast = attempt >= maxAppendAttempts || exact !== undefined;
      again.push(...(await settleRefused(store, revisions, part, outcome.error, isLast)));
    }
    waiting = again;
  }
}

function groupsOf(entries: readonly Entry[]): Part[] {
  const parts = new Map<string, Part>();
  for (const entry of entries) {
    const part = parts.get(entry.stream);
    if (part === undefined) parts.set(entry.stream, { stream: entry.stream, entries: [entry] });
    else part.entries.push(entry);
  }
  return [...parts.values()];
}

/** Groups neighbours of one stream. */
function runsOf(entries: readonly Entry[]): Part[] {
  const parts: Part[] = [];
  for (const entry of entries) {
    const last = parts.at(-1);
    if (last?.stream === entry.stream) last.entries.push(entry);
    else parts.push({ stream: entry.stream, entries: [entry] });
  }
  return parts;
}

function recordedAtOf({ recordedAt }: Entry): number {
  if (recordedAt === null) throw new LedgerError("internal", "an entry without a recorded time");
  return recordedAt;
}

async function streamAppends(
  parts: readonly Part[],
  revisions: KnownRevisions,
): Promise<StreamAppend[]> {
  const next = new Map<string, bigint>();
  const appends: StreamAppend[] = [];
  for (const { stream, entries } of parts) {
    let last = next.get(stream) ?? revisions.known(stream);
    if (last === undefined) last = await revisions.read(stream);
    next.set(stream, (last ?? -1n) + BigInt(entries.length));
    appends.push({
      stream,
      expectedRevision: last ?? "no-stream",
      events: entries.map(eventOf),
      recordedAt: entries.map(recordedAtOf),
    });
  }
  return appends;
}

function eventOf(entry: Entry): CheckedEvent {
  if (entry.event === null) throw new LedgerError("internal", "an entry without an event");
  return entry.event;
}

function settleTaken(revisions: KnownRevisions, part: Part, position: AppendedPosition): void {
  const { stream, entries } = part;
  revisions.set(stream, position.firstRevision + BigInt(entries.length) - 1n);
  settleAt(entries, position);
}

/** Settles the entries that the refusal decides; returns those to be tried again. */
async function settleRefused(
  store: EventStore,
  revisions: KnownRevisions,
  part: Part,
  error: Error,
  isLast: boolean,
): Promise<readonly Entry[]> {
  const { entries } = part;
  const movedOn = isLedgerError(error, "wrong-expected-revision");
  if (movedOn || isLedgerError(error, "id-conflict")) {
    await findOwn(store, revisions, part);
    const open = entries.filter((entry) => entry.outcome === null);
    if (!isLast && (movedOn || open.length < entries.length)) return open;
  }
  const reason = isLedgerError(error)
    ? error
    : new LedgerError("internal", "the store could not append", { cause: error });
  for (const entry of entries) if (entry.outcome === null) refuse(entry, reason);
  return [];
}

/** Reads what was appended after the known revision, and settles the entries whose ids are there. */
async function findOwn(
  store: EventStore,
  revisions: KnownRevisions,
  { stream, entries }: Part,
): Promise<void> {
  const byId = new Map(entries.map((entry) => [eventOf(entry).id, entry]));
  const known = await revisions.last(stream);
  let last = known;
  for await (const stored of store.readStream(stream, (known ?? -1n) + 1n)) {
    last = stored.revision;
    const entry = byId.get(stored.id);
    if (entry !== undefined) settleAgainst(entry, eventOf(entry), stored);
  }
  if (last === known) await revisions.read(stream);
  else revisions.set(stream, last);
  for (const entry of entries) {
    if (entry.outcome !== null) continue;
    const stored = await store.findById(eventOf(entry).id);
    if (stored !== null) settleAgainst(entry, eventOf(entry), stored);
  }
}
