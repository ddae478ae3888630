/**
 * What the stand-in keeps: one log in memory, with the rules by which a real server takes an append.
 * Several stand-ins on one log are the nodes of a cluster.
 */
import { EventEmitter } from "node:events";

export interface ProposedEvent {
  readonly id: string;
  /** `type`, `content-type`. */
  readonly properties: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface LoggedEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: bigint;
  /** Commit and prepare position: the same number, as with a real server's implicit transactions. */
  readonly position: bigint;
}

export type Expected = bigint | "no-stream" | "stream-exists" | "any";

export type Verdict =
  /** `original`: the same ids stood at the same revisions before; nothing was added, and no body was compared. */
  | { readonly kind: "stored" | "original"; readonly last: LoggedEvent }
  | { readonly kind: "wrong-expected-version"; readonly current: bigint | null };

/** Bytes between two records in the log: positions are no ranks. */
const recordBytes = 100n;

export class EventLog {
  readonly events: LoggedEvent[] = [];
  readonly #streams = new Map<string, LoggedEvent[]>();
  readonly #gone = new Set<LoggedEvent>();
  readonly #tombstones = new Set<string>();
  readonly #appended = new EventEmitter().setMaxListeners(0);

  stream(name: string): readonly LoggedEvent[] {
    return this.#streams.get(name) ?? [];
  }

  /** Whole or not at all. */
  append(stream: string, expected: Expected, proposed: readonly ProposedEvent[]): Verdict {
    const standing = this.stream(stream);
    const current = BigInt(standing.length) - 1n;
    const refused: Verdict = {
      kind: "wrong-expected-version",
      current: current < 0n ? null : current,
    };
    if (expected === "stream-exists" && current < 0n) return refused;
    if (expected !== "any" && expected !== "stream-exists") {
      const revision = expected === "no-stream" ? -1n : expected;
      if (revision > current) return refused;
      if (revision < current) return original(standing, revision, proposed) ?? refused;
    }
    // At the tail nothing is searched for: an id that stands earlier is stored again.
    const added = proposed.map((event, i) => ({
      ...event,
      stream,
      revision: current + 1n + BigInt(i),
      position: recordBytes * BigInt(this.events.length + i + 1),
    }));
    const last = added.at(-1);
    if (last === undefined) return refused;
    this.#streams.set(stream, [...standing, ...added]);
    this.events.push(...added);
    this.#appended.emit("appended");
    return { kind: "stored", last };
  }

  /** Takes an event away for good; the revisions of the others stay. */
  scavenge(stream: string, revision: number): void {
    const event = this.stream(stream)[revision];
    if (event !== undefined) this.#gone.add(event);
  }

  /** Deletes a stream for good: it can neither be read nor written again. */
  tombstone(stream: string): void {
    this.#tombstones.add(stream);
  }

  hasTombstone(stream: string): boolean {
    return this.#tombstones.has(stream);
  }

  /** Puts the log back to its first events, as a restored backup does; what comes then stands at the places of what is gone. */
  putBack(count: number): void {
    this.events.length = count;
    this.#streams.clear();
    for (const event of this.events) {
      this.#streams.set(event.stream, [...this.stream(event.stream), event]);
    }
  }

  isGone(event: LoggedEvent): boolean {
    return this.#gone.has(event);
  }

  onAppended(listener: () => void): () => void {
    this.#appended.on("appended", listener);
    return () => void this.#appended.off("appended", listener);
  }
}

/** The place of ids that stand at exactly these revisions; `null` if one of them does not. */
function original(
  standing: readonly LoggedEvent[],
  after: bigint,
  proposed: readonly ProposedEvent[],
): Verdict | null {
  const first = Number(after) + 1;
  const last = standing[first + proposed.length - 1];
  if (last === undefined || proposed.length === 0) return null;
  const isSame = proposed.every(({ id }, i) => standing[first + i]?.id === id);
  return isSame ? { kind: "original", last } : null;
}
