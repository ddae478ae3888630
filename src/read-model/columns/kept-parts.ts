/**
 * Caches what was made from parts of files, within a bound in bytes. Eviction is second chance (the clock algorithm): a
 * part goes if it was not used since the hand last passed it, so a use costs one write and no list is kept in order.
 */

export interface KeptPart {
  readonly sizeBytes: number;
  /** Set by the user of the part, at each use. */
  used: boolean;
  /** Makes the owner of the part forget it. */
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

  /** Adds a part, and drops others if there is no room. */
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
