/** A served ledger with a key and the short history in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { serve } from "../../../src/http/serve.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { Audit } from "../../../src/seals/audit.ts";
import { newKey, parseSigner } from "../../../src/tree/signed-note.ts";

interface SealedServer {
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  stop(): Promise<void>;
}

/** Its clock stands still at noon of 15 April 2026. It is reached as `ledger.test`, too. */
export async function sealedServer(
  events: readonly unknown[],
  { withKey = true } = {},
): Promise<SealedServer> {
  const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-sealed-"));
  const store = `sqlite:${join(folder, "l.sqlite")}`;
  const ledger = await openLedger({ store, mode: "write", clock });
  await ledger.submit(events);
  await ledger.waitFor(events.length, 600_000);
  const signer = withKey ? parseSigner(newKey("ledger.example").secret) : undefined;
  const server = await serve({
    ledger,
    logger: pino({ level: "silent" }),
    port: 0,
    clock,
    audit: new Audit({ ledger, clock, signer }),
    allowedHosts: ["ledger.test"],
    stopOnSignals: false,
  });
  return {
    url: server.url,
    port: server.port,
    ledger,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
