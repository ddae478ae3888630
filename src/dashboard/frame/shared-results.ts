/**
 * Results that several panels of a stand need, such as a cluster's document: each is computed once, and dropped with its
 * stand. Readers name windows as they like, so their number is bounded: what was used last stays.
 */
import { keptResults, keptStandMs, keptStands } from "../../limits/pages.ts";
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
    if (known !== undefined) {
      results.delete(key);
      results.set(key, known);
      // Whoever uses a key makes the same kind of result.
      return (await known) as T;
    }
    const made = make();
    results.set(key, made);
    this.#trim();
    try {
      return await made;
    } catch (error) {
      if (results.get(key) === made) results.delete(key);
      throw error;
    }
  }

  /** Drops what was used least recently, of the stand that was used least recently. */
  #trim(): void {
    let surplus = -keptResults;
    for (const { results } of this.#stands.values()) surplus += results.size;
    for (const { results } of this.#stands.values()) {
      for (const key of results.keys()) {
        if (surplus <= 0) return;
        results.delete(key);
        surplus--;
      }
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
