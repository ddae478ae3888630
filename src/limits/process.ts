/** What the process as a whole may take. */

/**
 * How much the heap may grow beyond what was live at the last collection before it is collected again, in percent. Without
 * it, Node waits until the heap is up to four times as large, on a machine with much memory. Less costs more processor time.
 */
export const heapGrowthPercent = 25;

/**
 * How much it may grow in any case, in bytes: while little is live, a quarter of it is soon used up, and each collection costs
 * time that requests wait for.
 */
export const heapGrowthBytes = 256 * 1024 * 1024;
