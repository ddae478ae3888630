/**
 * What was read of files and may be read again, as much as fits into a bound of bytes. What was not used since the
 * hand of the clock last came by goes first (second chance): a use costs one write and no list is kept in order.
 */

export interface KeptPart {
  readonly sizeBytes: number;
  /** Set by the code that uses it. */
  used: boolean;
  /** Forgets it, where it is kept. */
  readonly drop: () => void;
}

export class KeptParts {
  readonly #maxBytes: number;
  readonly #ring: (KeptPart | null)[] = [];
  readonly #free: number[] = [];
  #hand = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all that is kept. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** Keeps a part, and drops others where there is no room. */
  add(sizeBytes: number, drop: () => void): KeptPart {
    const part: KeptPart = { sizeBytes, used: true, drop };
    while (this.#bytes > 0 && this.#bytes + sizeBytes > this.#maxBytes) this.#dropOne();
    const slot = this.#free.pop() ?? this.#ring.length;
    this.#ring[slot] = part;
    this.#bytes += sizeBytes;
    return part;
  }

  #dropOne(): void {
    for (;;) {
      if (this.#hand >= this.#ring.length) this.#hand = 0;
      const slot = this.#hand++;
      const part = this.#ring[slot];
      if (part === null || part === undefined) continue;
      if (part.used) {
        part.used = false;
        continue;
      }
      this.#ring[slot] = null;
      this.#free.push(slot);
      this.#bytes -= part.sizeBytes;
      part.drop();
      return;
    }
  }
}
