/** Time series in answers. */
import { z } from "zod";
import { seriesFigures } from "../../../projections/figures/series/series.ts";
import type { SeriesName } from "../../../projections/figures/series/series.ts";
import { bucketNames } from "../../../projections/time/buckets.ts";
import { instantText, position } from "../../answers/schemas.ts";

export const seriesNames = Object.keys(seriesFigures) as SeriesName[];

const values = z
  .array(z.number().nullable())
  .describe("A value for each bucket; null where there is nothing to measure.");

export const series = z.strictObject({
  asOf: position,
  cluster: z.string(),
  from: instantText,
  to: instantText.describe("The end of the last bucket: that of the period, or ledger time."),
  zone: z.string(),
  bucket: z.enum(bucketNames),
  at: z
    .array(z.int())
    .describe("Start of each bucket, milliseconds since the epoch; it ends where the next begins."),
  figures: z
    .strictObject(
      Object.fromEntries(seriesNames.map((name) => [name, values.optional()])) as Record<
        SeriesName,
        z.ZodOptional<typeof values>
      >,
    )
    .describe("The figures that were requested."),
  complete: z
    .array(z.boolean())
    .describe("False for a bucket that the window cuts or that is not over at this position."),
});
