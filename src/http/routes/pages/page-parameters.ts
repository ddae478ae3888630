/** The parameters of every page of the dashboard. */
import { z } from "zod";
import { shownValue } from "../../../events/fields/shown-value.ts";
import { whyNoPeriod } from "../../../reports/period-forms.ts";
import { parseInstant } from "../../../../projections/time/instant.ts";
import {
  checkPosition,
  checkWindow,
  instantParameter,
  positionQuery,
  windowQuery,
  wholeNumber,
} from "../../query/query.ts";

/** Two positions, `A..B`: what changed between them. */
export const betweenPositions = /^(\d{1,16})\.\.(\d{1,16})$/;

const cell = z
  .string()
  .max(400)
  .refine((text) => parseInstant(text.slice(text.lastIndexOf("@") + 1)) !== null, {
    error: ({ input }) =>
      `must be a node and an instant, such as gpu0001@2026-03-01T00:00:00Z, not ${shownValue(String(input))}`,
  });

/** A period of another form is the whole page's problem, and not that of each panel. */
const period = windowQuery.period.superRefine((text, context) => {
  if (text === undefined) return;
  const message = whyNoPeriod(text);
  if (message !== null) context.addIssue({ code: "custom", message });
});

const common = {
  ...positionQuery,
  ...windowQuery,
  period,
  at: cell.optional(),
  print: z
    .literal("1", "must be 1, for paper")
    .transform(() => true)
    .optional(),
  /** Answers with a table of the page as CSV: `PANEL`, or `PANEL.N` for the Nth table of a panel. */
  table: z
    .string()
    .regex(
      /^[a-z][a-z-]{0,39}(\.\d{1,2})?$/,
      "must be a panel, such as runs, or one of its tables, such as runs.2",
    )
    .optional(),
  /** Answers with the panels that changed since the stand that the page shows, as JSON. */
  fragments: z.literal("1").optional(),
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER, "The position that the page shows.").optional(),
  since: instantParameter("The instant that the page shows.").optional(),
  wanted: wholeNumber(0, Number.MAX_SAFE_INTEGER, "The position that is waited for.").optional(),
};

/** `filters` are the page's own. */
export function pageParameters(
  filters: Readonly<Record<string, z.ZodType<string | undefined>>> = {},
) {
  return z
    .strictObject({ ...common, ...filters })
    .superRefine(checkWindow)
    .superRefine(checkPosition);
}

export type AskedPage = z.output<ReturnType<typeof pageParameters>>;
