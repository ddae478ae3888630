/** Keeps the memory that garbage takes in proportion to what is live. */
import { setFlagsFromString } from "node:v8";
import { heapGrowthPercent } from "./limits/process.ts";

const flag = "--heap-growing-percent";

/**
 * Has the heap collected when it has grown by `heapGrowthPercent` since it was last collected. This is no limit: what is live
 * may still take as much as Node allows. A percentage that Node itself was started with stands.
 */
export function boundGarbage(): void {
  const isGiven = process.execArgv.some((each) => each.replaceAll("_", "-").startsWith(flag));
  if (!isGiven) setFlagsFromString(`${flag}=${heapGrowthPercent}`);
}
