/** Tables: one page of the rows of an answer as CSV. */
import { z } from "zod";
import { documented, problemAnswers } from "../../answers/schemas.ts";
import { tableCsvInSteps } from "../../reports/csv/table-csv.ts";
import type { ApiReply } from "../server/api.ts";
import { sendCsv } from "./representation.ts";

/** Formats of an answer that is a table. The first is the default. */
export const tableFormats = ["json", "csv"] as const;

/** The answers of a route that answers JSON with rows, or these as CSV. */
export function tableAnswers(description: string, body: z.ZodType) {
  return documented({
    200: {
      description: `${description} As CSV: the same rows; \`Link: …; rel="next"\` is the next page.`,
      content: { "application/json": { schema: body }, "text/csv": { schema: z.string() } },
    },
    ...problemAnswers,
  });
}

/** The rows of a page as CSV; `next` is the address of the next page in the same format. */
export async function sendTable(
  reply: ApiReply,
  name: string,
  columns: readonly string[],
  { rows, next }: { readonly rows: readonly object[]; readonly next: string | null },
): Promise<ApiReply> {
  if (next !== null) reply.header("link", `<${next}>; rel="next"`);
  return await sendCsv(reply, name, tableCsvInSteps(columns, rows));
}
