/** What random histories have in common: the nodes, the span of time, and facts that are not in a ledger yet. */
import type { RandomSource } from "../../histories/random-source.ts";
import type { Data } from "./told.ts";

const minuteMs = 60_000;
export const begin = Date.parse("2026-03-01T00:00:00.000Z");
/** Minutes that a history spans. */
export const span = 600;

export interface Draft {
  readonly type: string;
  readonly minute: number;
  readonly data: Data;
  readonly command?: string | undefined;
  readonly reason?: string | undefined;
}

export const racks = ["r1", "r2"];
export const skus = ["s1", "s2"];
export const nodes = ["n1", "n2", "n3", "n4", "n5", "n6"];

export function iso(minute: number): string {
  return new Date(begin + minute * minuteMs).toISOString();
}

/** No two facts of one entity share an instant. */
export class Minutes {
  readonly #used = new Set<number>();
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  any(low = 5, high = span): number {
    for (;;) {
      const minute = this.#random.between(low, high);
      if (this.#used.has(minute)) continue;
      this.#used.add(minute);
      return minute;
    }
  }

  many(count: number): number[] {
    return Array.from({ length: count }, () => this.any()).sort((a, b) => a - b);
  }
}
