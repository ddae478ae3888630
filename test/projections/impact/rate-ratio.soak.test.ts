/** The exact interval of a rate ratio against a second method. */
import { expect, test } from "vitest";
import { rateRatio } from "../../../projections/arithmetic/rate-ratio.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { clopperPearsonOdds } from "./clopper-pearson.ts";

const tables = soakRuns(10_000, 1_000);

test(`the exact 95 % interval agrees with a second method, the incomplete beta function, on ${tables} random tables to 1e-9`, () => {
  const random = randomSource(15);
  let worst = 0;
  for (let i = 0; i < tables; i++) {
    const most = random.pick([3, 10, 40, 200]);
    const [x0, x1] = [random.between(0, most), random.between(0, most)];
    const [t0, t1] = [random.between(1, 1_000_000), random.between(1, 1_000_000)];
    const { lower, upper } = rateRatio(
      { count: x0, exposureMs: t0 },
      { count: x1, exposureMs: t1 },
    );
    const odds = clopperPearsonOdds(x1, x0 + x1);
    const scale = t0 / t1;
    if (odds.lower === 0) worst = Math.max(worst, lower);
    else worst = Math.max(worst, Math.abs(lower / (odds.lower * scale) - 1));
    if (odds.upper === null) worst = upper === null ? worst : Infinity;
    else worst = Math.max(worst, Math.abs((upper ?? NaN) / (odds.upper * scale) - 1));
  }
  process.stdout.write(
    `  worst relative difference of ${tables} tables: ${worst.toExponential(1)}\n`,
  );
  expect(worst).toBeLessThan(1e-9);
});
