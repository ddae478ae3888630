/** An application over a real ledger in a temporary file, with the short history in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { buildApp } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { history } from "./small-app.ts";

export interface RealApp {
  readonly app: Api;
  readonly ledger: Ledger;
  /** Closes both and removes the file. */
  close(): Promise<void>;
}

/** With the short history, unless other `events` are given. The ledger's clock stands still at noon of 15 April 2026. */
export async function realApp({
  readWaitMs = 20,
  prepare = (_path: string): void => undefined,
  events = history,
} = {}): Promise<RealApp> {
  const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-api-"));
  prepare(join(folder, "ledger.sqlite"));
  const ledger = await openLedger({
    store: `sqlite:${join(folder, "ledger.sqlite")}`,
    mode: "write",
    clock,
  });
  const refused = (await ledger.submit(events)).filter((each) => each.status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  await ledger.waitFor(events.length, 600_000);
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }), readWaitMs, clock });
  return {
    app,
    ledger,
    close: async () => {
      await app.close();
      await ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}
