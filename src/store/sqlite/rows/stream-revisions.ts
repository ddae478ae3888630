/**
 * Caches the last revision of recently used streams. Its size is bounded by two generations: when the younger
 * is full, the older is dropped, and dropped streams are read from the rows again.
 */
export class StreamRevisions {
  readonly #maxPerGeneration: number;
  readonly #load: (stream: string) => number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  /** `load` returns a stream's last revision, -1 if the stream does not exist. */
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
