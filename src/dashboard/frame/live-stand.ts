/**
 * The stand that live pages are shown at. It moves on at most once in a while, so that however many look at however many
 * events, each panel is computed once for all of them; and the more a panel costs, the slower it moves.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Ledger } from "../../ledger/ledger.ts";
import { leastBeatMs, mostBeatMs } from "../../limits/pages.ts";
import type { Stand } from "./stand.ts";
import { isSameStand, newestStand } from "./stand.ts";

/** Computing takes at most a part of the time: one in four. */
const restPerWork = 3;

export class LiveStand {
  readonly #ledger: Ledger;
  #stand: Stand | null = null;
  #movedAt = -Infinity;
  #beatMs = leastBeatMs;
  #next: Promise<Stand> | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The newest position: a reader who has just written sees it. */
  newest(): Stand {
    const stand = newestStand(this.#ledger);
    if (this.#stand === null || !isSameStand(this.#stand, stand)) {
      this.#stand = stand;
      this.#movedAt = performance.now();
    }
    return this.#stand;
  }

  /** The stand that viewers share; if it has not reached `wanted`, the next one. */
  async shared(wanted: number): Promise<Stand> {
    const age = performance.now() - this.#movedAt;
    if (age >= this.#beatMs) return this.newest();
    if (this.#stand !== null && this.#stand.sequence >= wanted) return this.#stand;
    this.#next ??= pause(this.#beatMs - age).then(() => {
      this.#next = null;
      return this.newest();
    });
    return await this.#next;
  }

  /** Says how long it took to compute a round of panels. */
  tookMs(ms: number): void {
    this.#beatMs = Math.min(Math.max(leastBeatMs, ms * restPerWork), mostBeatMs);
  }
}
