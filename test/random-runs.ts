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
