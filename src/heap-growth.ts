/** How far the heap may grow before it is collected. */
import { heapGrowthPercent } from "./limits/process.ts";

/** How much the heap may grow when so much is live: the bytes or `heapGrowthPercent`, whichever is more, up to as much again. */
export function growthPercent(liveBytes: number, growthBytes: number): number {
  const percent = Math.round((100 * growthBytes) / liveBytes);
  return Math.min(Math.max(percent, heapGrowthPercent), 100);
}
