/** What a start has to pass beside no-fly zones. */
import type { Gates } from "./rollouts/start.ts";

/** Without measured impact and co-tests nothing has the fast path, and nothing is held for a test. */
export const noGates: Gates = { hasFastPath: () => false, untested: () => [] };
