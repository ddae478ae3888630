import type { Gates } from "../../src/decisions/command/gates.ts";

/** No rollout is on the fast path, and none is held for a test. */
export const noGates: Gates = { hasFastPath: () => false, untested: () => [] };
