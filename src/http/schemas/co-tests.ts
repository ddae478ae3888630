/** Answers about co-tests. */
import { z } from "zod";
import { pairStatuses } from "../../../projections/co-tests/tested-sets.ts";
import { nullableInstant, position, wholeCount } from "../../answers/schemas.ts";
import { catalogue } from "../../events/catalogue.ts";
import { appendedEvent } from "./submit.ts";

const name = z.string();
const ratio = z.number().min(0).max(1).nullable();
const { updates } = catalogue.RolloutSubmitted.data.shape;
const update = z.strictObject({ component: name, version: name, family: name.optional() });
const next = z.string().nullable().describe("The address of the next page; null on the last page.");
const about = { asOf: position, at: nullableInstant, cluster: name };

export const pairCounts = z
  .strictObject({
    passed: wholeCount,
    failed: wholeCount,
    never: wholeCount.describe("Never tested together."),
    conflict: wholeCount.describe("With two versions of one component: these are no pairs."),
  })
  .meta({ id: "PairCounts" });

export const untestedPair = z
  .strictObject({ rollout: name, status: z.enum(["conflict", "failed", "never"]) })
  .meta({ id: "UntestedPair" });

export const coTestRecorded = z
  .strictObject({ coTest: name, updates, ...appendedEvent.shape })
  .meta({ id: "CoTestRecorded" });

export const coveragePage = z
  .strictObject({
    ...about,
    rollouts: wholeCount.describe("Number of queued rollouts."),
    total: wholeCount.describe("Number of pairs on all pages."),
    ...pairCounts.shape,
    coverage: ratio.describe("passed ÷ (passed + failed + never); null without such a pair."),
    pairs: z.array(
      z.strictObject({
        rollouts: z.array(name).length(2).describe("In queue order."),
        status: z.enum(pairStatuses),
      }),
    ),
    next,
  })
  .meta({ id: "CoTestCoverage" });

export const nextBundlesPage = z
  .strictObject({
    ...about,
    maxBundle: z.int().min(2).max(16).describe("Rollouts in one bundle, at most."),
    pairs: wholeCount.describe("Pairs to be tested, which the bundles cover."),
    lowerBound: wholeCount.describe("No choice of bundles covers the pairs with fewer."),
    total: wholeCount.describe("Number of bundles on all pages."),
    bundles: z.array(
      z.strictObject({
        rollouts: z.array(name).describe("In queue order."),
        updates: z.array(update).describe("All of their updates, by component."),
        pairs: wholeCount.describe("How many of the pairs to be tested are within it."),
      }),
    ),
    next,
  })
  .meta({ id: "NextCoTests" });
