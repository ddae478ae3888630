/**
 * The last revision of the streams that were asked for lately. Bounded: two generations, of which
 * the older is dropped when the younger is full; what was dropped is read from the rows again.
 */
export class StreamRevisions {
  readonly #maxPerGeneration: number;
  readonly #load: (stream: string) => number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  /** `load` gives a stream's last revision, -1 if the stream does not exist. */
  constructor(maxStreams: number, load: (stream: string) => number) {
    this.#maxPerGeneration = Math.max(1, Math.floor(maxStreams / 2));
    this.#load = load;
  }

  /** The last revision, -1 if the stream does not exist. */
  last(stream: string): number {
    const young = this.#young.get(stream);
    if (young !== undefined) return young;
    const revision = this.#old.get(stream) ?? this.#load(stream);
    this.set(stream, revision);
    return revision;
  }

  set(stream: string, revision: number): void {
    if (this.#young.size >= this.#maxPerGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(stream, revision);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
