/** Keeps the memory that garbage takes in proportion to what is live. */
import { PerformanceObserver, constants } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { growthPercent } from "./heap-growth.ts";
import { heapGrowthBytes } from "./limits/process.ts";

const flag = "--heap-growing-percent";

/**
 * Has the heap collected when it has grown by `heapGrowthPercent` since it was last collected or, while little is live, by
 * `growthBytes`. This is no limit: what is live may still take as much as Node allows. A percentage that Node itself was
 * started with stands.
 */
export function boundGarbage(growthBytes: number = heapGrowthBytes): void {
  const isGiven = process.execArgv.some((each) => each.replaceAll("_", "-").startsWith(flag));
  if (isGiven) return;
  setGrowth(growthBytes);
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isMajor)) setGrowth(growthBytes);
  });
  observer.observe({ entryTypes: ["gc"] });
}

/** Node's types leave out what an entry of a collection says. */
function isMajor(
  entry: PerformanceEntry & { readonly detail?: { readonly kind?: number } },
): boolean {
  return entry.detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** From the next collection on. */
function setGrowth(growthBytes: number): void {
  const percent = growthPercent(getHeapStatistics().used_heap_size, growthBytes);
  setFlagsFromString(`${flag}=${percent}`);
}
