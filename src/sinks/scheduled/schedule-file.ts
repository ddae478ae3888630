/** The configuration of scheduled reports, the file that `--reports` names. */
import { z } from "zod";
import { clusterName, zone } from "../../events/fields/fields.ts";
import { maxSchedules } from "../../limits/sinks.ts";
import { readJsonFile } from "../config/json-file.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const duration = z
  .string()
  .regex(
    /^P(?=\d|T\d)(\d{1,3}D)?(T\d{1,3}H)?$/,
    "must be a duration of days and hours, such as P3D, PT12H or P1DT6H",
  )
  .transform((text) => {
    const [, days = "0"] = /(\d+)D/.exec(text) ?? [];
    const [, hours = "0"] = /(\d+)H/.exec(text) ?? [];
    return Number(days) * dayMs + Number(hours) * hourMs;
  });

const schedule = z
  .strictObject({
    cluster: clusterName,
    period: z.enum(["month", "quarter", "week"]),
    zone: zone.optional().describe("Default: the policy's."),
    after: duration.describe("How long the period must be over: late facts still come in."),
  })
  .transform(({ after, ...rest }) => ({ ...rest, afterMs: after }));

export type Schedule = Readonly<z.output<typeof schedule>>;

/** Throws `invalid-request` with every fault by JSON pointer. */
export function readSchedules(path: string): readonly Schedule[] {
  return readJsonFile(path, z.array(schedule).max(maxSchedules));
}
