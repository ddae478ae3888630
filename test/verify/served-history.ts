/** A ledger of a given history, and the API over it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { buildApp } from "../../src/http/app.ts";
import type { Api } from "../../src/http/server/api.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";

/** A served ledger, and the sequence that it stood at when it was made. */
export interface Served extends AsyncDisposable {
  readonly app: Api;
  readonly ledger: Ledger;
  readonly head: number;
}

/** A ledger that is given the events with their recorded times, served. */
export async function served(events: readonly OracleEvent[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-served-"));
  const store = `sqlite:${join(folder, "ledger.sqlite")}`;
  const ledger = await openLedger({ store, mode: "write" });
  await ledger.submit(events, { preserveTimestamps: true });
  const { sequence } = await ledger.store.head();
  await ledger.waitFor(sequence, 600_000);
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }) });
  return {
    app,
    ledger,
    head: sequence,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}
