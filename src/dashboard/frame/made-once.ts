/** What was made, by address and stand: it is made once however many ask for it. Bounded by bytes; what was used last stays. */

interface Kept<T> {
  readonly made: Promise<T>;
  bytes: number;
}

/** What an entry costs besides its key and what was made, roughly. */
const entryBytes = 500;

export class MadeOnce<T> {
  readonly #maxBytes: number;
  readonly #bytesOf: (made: T) => number;
  readonly #kept = new Map<string, Kept<T>>();
  #bytes = 0;

  constructor(maxBytes: number, bytesOf: (made: T) => number) {
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under the key, or what `make` makes; whoever comes meanwhile waits for the same. A failure is not kept. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return await known.made;
    }
    const kept: Kept<T> = { made: make(), bytes: entryBytes + 2 * key.length };
    this.#kept.set(key, kept);
    this.#bytes += kept.bytes;
    try {
      const made = await kept.made;
      this.#grow(key, kept, this.#bytesOf(made));
      return made;
    } catch (error) {
      this.#drop(key, kept);
      throw error;
    }
  }

  /** What is kept under the key, if it has been made. */
  async peek(key: string): Promise<T | null> {
    return (await this.#kept.get(key)?.made) ?? null;
  }

  #grow(key: string, kept: Kept<T>, more: number): void {
    if (this.#kept.get(key) !== kept) return;
    kept.bytes += more;
    this.#bytes += more;
    for (const [oldest, each] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest, each);
    }
  }

  #drop(key: string, kept: Kept<T>): void {
    if (this.#kept.get(key) !== kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.bytes;
  }
}
