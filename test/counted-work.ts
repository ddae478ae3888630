/** Work counted, not timed: how often V8 ran each block of the project's own code. */
import { Session } from "node:inspector/promises";
import { setFlagsFromString } from "node:v8";

// Optimised code no longer counts what it runs.
for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);

/** How many blocks of `projections/` and `src/` the work runs, loops and calls counted each time. */
export async function countedWork(work: () => void | Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    // What was counted before the work is not of it.
    await session.post("Profiler.takePreciseCoverage");
    await work();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    await session.post("Profiler.stopPreciseCoverage");
    let blocks = 0;
    for (const { url, functions } of result) {
      if (!/\/(projections|src)\//.test(url) || url.includes("/node_modules/")) continue;
      for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
    }
    return blocks;
  } finally {
    session.disconnect();
  }
}
