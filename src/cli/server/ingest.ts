/** NDJSON of events sent to a server, and its answer line by line. */
import type { IngestSummary } from "../../http/bodies/ndjson-answer.ts";
import type { RefusalJson } from "../../http/submissions/submission-json.ts";
import { UsageError } from "../terminal/terminal.ts";
import type { Server } from "./server.ts";
import { pieces, send } from "./server.ts";

/** The outcome of one line. */
type LineOutcome =
  | {
      readonly line: number;
      readonly status: "appended" | "duplicate";
      readonly sequence: number | null;
    }
  | {
      readonly line: number;
      readonly status: "refused";
      readonly id: string | null;
      readonly error: RefusalJson;
    };

/**
 * Sends the lines; `onOutcome` is called for each outcome, or only for refusals. Throws UsageError if the connection is
 * lost.
 */
export async function ingest(
  server: Server,
  lines: AsyncIterable<Uint8Array>,
  {
    refusedOnly,
    onOutcome,
  }: {
    readonly refusedOnly: boolean;
    readonly onOutcome: (outcome: LineOutcome) => void | Promise<void>;
  },
): Promise<IngestSummary> {
  const response = await send(server, {
    method: "POST",
    path: "/v1/events",
    headers: {
      accept: "application/x-ndjson",
      "content-type": "application/x-ndjson",
      ...(refusedOnly ? { prefer: "return=minimal" } : {}),
    },
    body: lines,
  });
  let summary: IngestSummary | null = null;
  for await (const line of textLines(pieces(server, response))) {
    if (line === "") continue;
    const told = JSON.parse(line) as LineOutcome | { readonly summary: IngestSummary };
    if ("summary" in told) summary = told.summary;
    else await onOutcome(told);
  }
  if (summary !== null) {
    // An import into a store does not report findings, so this one does not either: `GET /v1/data-quality` has them.
    const { findings: _findings, findingsComplete: _complete, ...told } = summary;
    return told;
  }
  throw new UsageError(
    `the server at ${server.url}/ ended its answer before the import was complete. Send the same lines again: events already imported are duplicates`,
  );
}

/** Splits a text that arrives in pieces into lines. */
export async function* textLines(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of source) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
