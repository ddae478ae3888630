/** Panels that were made, by address and stand: each is made once however many look. Bounded by bytes; what was used last stays. */
import { keptPanelBytes } from "../../limits/pages.ts";

interface Kept {
  readonly made: Promise<string>;
  bytes: number;
}

/** What an entry costs besides its key and its text, roughly. */
const entryBytes = 500;

export class KeptPanels {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(maxBytes: number = keptPanelBytes) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under the key, or what `make` makes; whoever comes meanwhile waits for the same. A failure is not kept. */
  async get(key: string, make: () => Promise<string>): Promise<string> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return await known.made;
    }
    const kept: Kept = { made: make(), bytes: entryBytes + 2 * key.length };
    this.#kept.set(key, kept);
    this.#bytes += kept.bytes;
    try {
      const text = await kept.made;
      this.#grow(key, kept, 2 * text.length);
      return text;
    } catch (error) {
      this.#drop(key, kept);
      throw error;
    }
  }

  /** What is kept under the key, if it has been made. */
  async peek(key: string): Promise<string | null> {
    return (await this.#kept.get(key)?.made) ?? null;
  }

  #grow(key: string, kept: Kept, more: number): void {
    if (this.#kept.get(key) !== kept) return;
    kept.bytes += more;
    this.#bytes += more;
    for (const [oldest, each] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest, each);
    }
  }

  #drop(key: string, kept: Kept): void {
    if (this.#kept.get(key) !== kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.bytes;
  }
}
