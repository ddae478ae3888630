/** Whether the log can be written, for `/readyz` and `/metrics`. It never decides whether the ledger is ready. */
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import { z } from "zod";

export interface ServedLog {
  state(): { readonly error: string | null; readonly lostLines: number };
  /** Waits, up to a limit, until everything is written. */
  flush(): Promise<void>;
}

/** For a log that is written at once, or elsewhere. */
export const noLog: ServedLog = {
  state: () => ({ error: null, lostLines: 0 }),
  flush: async () => undefined,
};

export const logReadiness = z
  .strictObject({
    error: z.string().nullable().describe("Why the log cannot be written now."),
    lostLines: z.int().describe("Log lines that could not be written, since the start."),
  })
  .describe("Of the server's log; the ledger is ready all the same.");

export function addLogMetrics(registry: Registry, log: ServedLog): void {
  const failing: Gauge = new Gauge({
    name: "fleetledger_log_failing",
    help: "1 while the server's log cannot be written.",
    registers: [registry],
    collect: () => failing.set(log.state().error === null ? 0 : 1),
  });
  const lost: Gauge = new Gauge({
    name: "fleetledger_log_lost_lines",
    help: "Lines of the server's log that could not be written, since the start.",
    registers: [registry],
    collect: () => lost.set(log.state().lostLines),
  });
}
