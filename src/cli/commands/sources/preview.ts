/** What a payload would become in a store; nothing is appended. */
import { existsSync } from "node:fs";
import { systemClock } from "../../../clock.ts";
import { filePathOf } from "../../../ledger/open-store.ts";
import type { Source } from "../../../sources/config/sources-file.ts";
import type { PayloadMeta } from "../../../sources/intake/take-payload.ts";
import {
  previewPayload,
  standingOf,
  standingOfNothing,
} from "../../../sources/intake/take-payload.ts";
import { withLedger } from "../../options/open.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** In a ledger that is not there yet, it is what it would become in a new one. */
export async function previewIn(
  terminal: Terminal,
  store: string,
  source: Source,
  body: unknown,
  meta: PayloadMeta,
): Promise<Awaited<ReturnType<typeof previewPayload>>> {
  const path = filePathOf(store);
  if (path !== null && !existsSync(path)) {
    terminal.say(`there is no ledger at ${path} yet: compared with an empty one`);
    return await previewPayload(standingOfNothing(systemClock.nowMs()), source, body, meta);
  }
  return await withLedger(terminal, store, "read", (ledger) =>
    previewPayload(standingOf(ledger), source, body, meta),
  );
}
