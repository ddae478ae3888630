/** How many runs random tests make, and what of the long tests `npm test` runs. */

/** Set by `npm run soak`. */
const isSoak = process.env["FLEETLEDGER_SOAK"] === "1";

/**
 * How many runs a random test makes: `n`, times the environment variable FLEETLEDGER_RANDOM
 * (a positive multiplier, default 1), at least one.
 */
export function randomRuns(n: number): number {
  const text = process.env["FLEETLEDGER_RANDOM"];
  if (text === undefined || text === "") return n;
  const multiplier = Number(text);
  if (!Number.isFinite(multiplier) || multiplier <= 0) {
    throw new Error(`FLEETLEDGER_RANDOM must be a positive number, not "${text}"`);
  }
  return Math.max(1, Math.round(n * multiplier));
}

/**
 * How many runs a long test makes, one in a file named `*.soak.test.ts`: the whole in `npm run soak`, a
 * sample in `npm test`; both times FLEETLEDGER_RANDOM.
 */
export function soakRuns(whole: number, sample: number): number {
  return randomRuns(isSoak ? whole : sample);
}

/** What a long test goes through: all of it in `npm run soak`, one of `every`, from the first on, in `npm test`. */
export function soakPart<T>(all: readonly T[], every: number): readonly T[] {
  return isSoak ? all : all.filter((_, i) => i % every === 0);
}
