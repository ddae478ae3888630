/** Probabilities of counts under a Poisson distribution. */

/** The probability that a Poisson count with mean `expected` is at least `count`. */
export function poissonTail(count: number, expected: number): number {
  if (expected <= 0) return count <= 0 ? 1 : 0;
  // Summed from `count` upwards: each term is the one before it times expected / k, so small tails keep their digits.
  let logTerm = -expected;
  for (let k = 1; k <= count; k++) logTerm += Math.log(expected / k);
  let term = Math.exp(logTerm);
  let tail = 0;
  for (let k = count; term > tail * 1e-16 || k < expected; k++) {
    tail += term;
    term *= expected / (k + 1);
  }
  return Math.min(1, tail);
}

/** The least count that a Poisson count with mean `expected` reaches with at most this probability. */
export function poissonBound(expected: number, probability: number): number {
  let count = 0;
  while (poissonTail(count, expected) > probability) count++;
  return count;
}
