/** Results that several panels of a stand need, such as a cluster's document: each is computed once, and dropped with its stand. */
import { keptStandMs, keptStands } from "../../limits/pages.ts";
import type { Stand } from "./stand.ts";

interface OfStand {
  readonly results: Map<string, Promise<unknown>>;
  usedAt: number;
}

export class SharedResults {
  readonly #stands = new Map<string, OfStand>();

  /** What `make` computes for the stand; the key says what it is, window and cluster included. A failure is not kept. */
  async of<T>(stand: Stand, key: string, make: () => Promise<T>): Promise<T> {
    const { results } = this.#at(stand);
    const known = results.get(key);
    // Whoever uses a key makes the same kind of result.
    if (known !== undefined) return (await known) as T;
    const made = make();
    results.set(key, made);
    try {
      return await made;
    } catch (error) {
      results.delete(key);
      throw error;
    }
  }

  #at({ sequence, at }: Stand): OfStand {
    const now = performance.now();
    const key = `${sequence} ${at}`;
    const known = this.#stands.get(key) ?? {
      results: new Map<string, Promise<unknown>>(),
      usedAt: now,
    };
    known.usedAt = now;
    this.#stands.delete(key);
    this.#stands.set(key, known);
    for (const [oldest, { usedAt }] of this.#stands) {
      if (this.#stands.size <= keptStands && now - usedAt < keptStandMs) break;
      if (oldest !== key) this.#stands.delete(oldest);
    }
    return known;
  }
}
