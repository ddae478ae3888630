/** A sequence as a parameter of a page. */
import { z } from "zod";
import { shownValue } from "../../events/fields/shown-value.ts";

export const sequenceText = z.string().regex(/^\d{1,15}$/, {
  error: ({ input }) => `must be a sequence, such as 48211, not ${shownValue(String(input))}`,
});
