/** Refuses requests while the ledger is overloaded. */
import { getHeapStatistics } from "node:v8";
import { LedgerError } from "../../errors.ts";
import { loopSampleMs, maxHeapPart } from "../../limits/clients.ts";
import type { Api } from "./api.ts";
import { LoopDelay } from "../observability/loop-delay.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answered even when other requests are refused. */
    readonly alwaysAnswered?: boolean;
  }
}

/** With `maxDelayMs` 0, the event loop's delay is not limited. */
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
      throw new LedgerError("overloaded", "The ledger is overloaded. Try again.");
    }
    if (heapBytes > maxHeapBytes) {
      throw new LedgerError("overloaded", "The ledger's memory is nearly full. Try again.");
    }
  });
}
