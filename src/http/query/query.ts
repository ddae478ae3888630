/** Query parameters that several routes share. They arrive as text; unknown ones are refused. */
import { z } from "zod";
import { clusterName } from "../../events/fields/fields.ts";
import { shownValue } from "../../events/fields/shown-value.ts";
import { parseInstant, whyNoInstant } from "../../../projections/time/instant.ts";
import { unknownZone } from "../../events/fields/unknown-zone.ts";
import { periodForms } from "../../reports/period-forms.ts";
import { isKnownZone } from "../../zones/zones.ts";

/** A whole number of a query, within bounds. */
export function wholeNumber(min: number, max: number, description: string) {
  return z
    .string()
    .transform((text, context) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
      if (value >= min && value <= max) return value;
      context.addIssue(`must be a whole number from ${min} to ${max}, not ${shownValue(text)}`);
      return z.NEVER;
    })
    .meta({ type: "integer", minimum: min, maximum: max, description });
}

/** A comma-separated list of names, each once, in the order in which they were asked for. */
export function nameList<const N extends string>(
  known: readonly N[],
  most: number,
  description: string,
) {
  const isKnown = (name: string): name is N => known.some((each) => each === name);
  return z
    .string()
    .transform((text, context): N[] => {
      const asked = [...new Set(text.split(","))];
      const wrong = asked.find((name) => !isKnown(name));
      if (wrong !== undefined) {
        context.addIssue(`must be a list of ${known.join(", ")}, without ${shownValue(wrong)}`);
      }
      if (asked.length > most) context.addIssue(`must name at most ${most}`);
      return asked.filter(isKnown);
    })
    .meta({ type: "string", description });
}

/** An RFC 3339 instant of a query, as milliseconds since the epoch. */
export function instantParameter(description: string) {
  return z
    .string()
    .transform((text, context) => {
      // Most parsers read a plus sign in a query as a blank: an unescaped offset is accepted all the same.
      const ms = parseInstant(text.replace(/ (?=\d\d:\d\d$)/, "+"));
      if (ms !== null) return ms;
      context.addIssue(
        `must be an RFC 3339 instant with an offset: ${shownValue(text)} ${whyNoInstant(text)}`,
      );
      return z.NEVER;
    })
    .meta({ type: "string", format: "date-time", description });
}

const sequence = (description: string) =>
  wholeNumber(0, Number.MAX_SAFE_INTEGER, description).optional();

/** The ledger position of a read: every read takes these parameters. */
export const positionQuery = {
  asOf: sequence("Answer as of this sequence. A sequence past the head is an error."),
  asOfTime: instantParameter(
    "Answer as of this recorded time: the last sequence up to which no event was recorded after the instant. The instant must be in the past.",
  ).optional(),
  minSequence: sequence(
    "Wait, for a few seconds at most, until the views have reached this sequence. Use it to read your own writes.",
  ),
};

/** Beside `positionQuery`, of every read about an instant. */
export const instantQuery = {
  at: instantParameter(
    "The instant that the answer describes. Default: ledger time with asOf or asOfTime, else the later of ledger time and the server's clock. Facts that occurred after it are ignored. With both asOf and at, the answer never changes.",
  ).optional(),
};

export const cluster = clusterName.describe("The cluster's name.");

/** Which window: a calendar period in a zone, or two instants. */
export const windowQuery = {
  period: z
    .string()
    .min(3)
    .max(80)
    .optional()
    .describe(`${periodForms}. Default: the last full month, or the current one if there is none.`),
  zone: z
    .string()
    .refine(isKnownZone, { error: ({ input }) => unknownZone(String(input)) })
    .optional()
    .describe("IANA time zone of the period. Default: the policy's."),
  from: instantParameter("Start of the window, instead of a period.").optional(),
  to: instantParameter("End of the window (exclusive).").optional(),
};

/** Checks that the parameters make exactly one window. */
export function checkWindow(
  query: { period?: unknown; from?: unknown; to?: unknown },
  context: z.RefinementCtx,
): void {
  const has = (key: "period" | "from" | "to") => query[key] !== undefined;
  const refuse = (key: string, message: string) =>
    context.addIssue({ code: "custom", path: [key], message });
  if (has("period") && (has("from") || has("to")))
    refuse("period", "cannot be combined with from and to");
  if (has("from") !== has("to")) {
    refuse(has("from") ? "to" : "from", `is required with ${has("from") ? "from" : "to"}`);
  }
  if (typeof query.from === "number" && typeof query.to === "number" && query.from >= query.to) {
    refuse("to", "must be after from");
  }
}

/** Checks that the read is as of one position. */
export function checkPosition(
  query: { asOf?: unknown; asOfTime?: unknown },
  context: z.RefinementCtx,
): void {
  if (query.asOf === undefined || query.asOfTime === undefined) return;
  context.addIssue({ code: "custom", path: ["asOfTime"], message: "cannot be combined with asOf" });
}
