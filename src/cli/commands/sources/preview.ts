/** What a payload would become in a store, or at a server; nothing is appended. */
import { existsSync } from "node:fs";
import { systemClock } from "../../../clock.ts";
import { filePathOf } from "../../../ledger/open-store.ts";
import type { Source } from "../../../sources/config/sources-file.ts";
import type { PayloadMeta, Preview } from "../../../sources/intake/take-payload.ts";
import {
  previewPayload,
  standingOf,
  standingOfNothing,
} from "../../../sources/intake/take-payload.ts";
import type { Answer } from "../../../sources/intake/answer.ts";
import { withLedger } from "../../options/open.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { type Server, sendForJson } from "../../server/server.ts";
import type { ToldPreview } from "./payload-words.ts";

/** A payload on its way to a source of a server. */
export interface PayloadRequest {
  /** From `/v1` on, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As the server sees it, with its own configuration. `asked` is how the payload would be sent. */
export async function previewAt(
  server: Server,
  { path, ...asked }: PayloadRequest,
): Promise<ToldPreview> {
  const separator = path.includes("?") ? "&" : "?";
  const answered = await sendForJson<Answer & Pick<ToldPreview, "events" | "wouldAppend">>(server, {
    method: "POST",
    path: `${path}${separator}dryRun=1`,
    ...asked,
  });
  const { events, wouldAppend, ...answer } = answered;
  return { answer, events, ...(wouldAppend === undefined ? {} : { wouldAppend }) };
}

/** In a ledger that is not there yet, it is what it would become in a new one. */
export async function previewIn(
  terminal: Terminal,
  store: string,
  source: Source,
  body: unknown,
  meta: PayloadMeta,
): Promise<Preview> {
  const path = filePathOf(store);
  if (path !== null && !existsSync(path)) {
    terminal.say(`there is no ledger at ${path} yet: compared with an empty one`);
    return await previewPayload(standingOfNothing(systemClock.nowMs()), source, body, meta);
  }
  return await withLedger(terminal, store, "read", (ledger) =>
    previewPayload(standingOf(ledger), source, body, meta),
  );
}
