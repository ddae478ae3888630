/** Clopper and Pearson's interval by the incomplete beta function: a method that shares nothing with the project's. */

/** Lanczos' approximation, g = 7, n = 9. */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const z = x - 1;
  let sum = coefficients[0] ?? 0;
  for (let i = 1; i < coefficients.length; i++) sum += (coefficients[i] ?? 0) / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The continued fraction of the incomplete beta function, by Lentz' method. */
function fractionOf(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 + term * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (Math.abs(c) < tiny) c = tiny;
      h *= d * c;
      if (Math.abs(d * c - 1) < 1e-16) return h;
    }
  }
  return h;
}

/** The regularised incomplete beta function. */
function beta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const log = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return x < (a + 1) / (a + b + 2)
    ? (Math.exp(log) * fractionOf(a, b, x)) / a
    : 1 - (Math.exp(log) * fractionOf(b, a, 1 - x)) / b;
}

/** Where the function reaches the level; by bisection of the logit, so that both ends are as exact. */
function oddsWhere(level: number, a: number, b: number): number {
  let [low, high] = [-60, 60];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (beta(1 / (1 + Math.exp(-middle)), a, b) < level) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** The odds of both ends of the 95 % interval for `count` of `total`. */
export function clopperPearsonOdds(count: number, total: number) {
  return {
    lower: count === 0 ? 0 : oddsWhere(0.025, count, total - count + 1),
    upper: count === total ? null : oddsWhere(0.975, count + 1, total - count),
  };
}
