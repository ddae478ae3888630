/** Turns requests away while the ledger has more to do than it gets done. */
import { getHeapStatistics } from "node:v8";
import { LedgerError } from "../../errors.ts";
import { loopSampleMs, maxHeapPart } from "../../limits/clients.ts";
import type { Api } from "./api.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answered even when other requests are turned away. */
    readonly alwaysAnswered?: boolean;
  }
}

/** Turns of the event loop that are averaged. */
const turns = 3;

/**
 * How late the event loop's turns come. One that is late was a pause, and is over when it is seen; where
 * the last few were late, a request that comes now waits as long. The turn that is under way counts with
 * what it has taken so far: all requests of a rush may come within one.
 */
export class LoopDelay {
  readonly #late: number[] = [];
  #dueMs: number;

  constructor(nowMs: number) {
    this.#dueMs = nowMs + loopSampleMs;
  }

  /** A turn has come. */
  tick(nowMs: number): void {
    this.#late.push(Math.max(0, nowMs - this.#dueMs));
    if (this.#late.length >= turns) this.#late.shift();
    this.#dueMs = nowMs + loopSampleMs;
  }

  /** The average of the last turns, milliseconds. */
  at(nowMs: number): number {
    const running = Math.max(0, nowMs - this.#dueMs);
    return this.#late.reduce((sum, late) => sum + late, running) / turns;
  }
}

/** `maxDelayMs` 0: never for the loop's delay. */
export function addPressureLimits(app: Api, maxDelayMs: number): void {
  const delay = new LoopDelay(performance.now());
  const maxHeapBytes = Math.floor(getHeapStatistics().heap_size_limit * maxHeapPart);
  let heapBytes = 0;
  const tick = () => {
    delay.tick(performance.now());
    heapBytes = getHeapStatistics().used_heap_size;
    timer.refresh();
  };
  const timer = setTimeout(tick, loopSampleMs).unref();
  app.addHook("onClose", async () => clearTimeout(timer));
  app.addHook("onRequest", async ({ routeOptions }) => {
    if (routeOptions.config.alwaysAnswered === true) return;
    if (maxDelayMs > 0 && delay.at(performance.now()) > maxDelayMs) {
      throw new LedgerError("overloaded", "The ledger has too much to do; try again.");
    }
    if (heapBytes > maxHeapBytes) {
      throw new LedgerError("overloaded", "The ledger's memory is nearly full; try again.");
    }
  });
}
