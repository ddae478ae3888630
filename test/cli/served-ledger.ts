/** A ledger in a temporary file, served within the test: the command line can take its store or its server. */
import { join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { pino } from "pino";
import { buildApp } from "../../src/http/app.ts";
import type { Api } from "../../src/http/server/api.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { Audit } from "../../src/seals/audit.ts";
import { newKey, parseSigner } from "../../src/tree/signed-note.ts";
import type { SourcesFile } from "../../src/sources/config/sources-file.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { history } from "../http/app/small-app.ts";

export interface ServedLedger {
  readonly ledger: Ledger;
  /** The options that name it, one way and the other. */
  readonly byStore: readonly string[];
  readonly byServer: readonly string[];
  readonly url: string;
  readonly path: (name: string) => string;
  /** Writes a file into the folder; gives its path. */
  readonly write: (name: string, text: string) => string;
  /** The public key's file. */
  readonly publicKey: string;
  /** The secret key's file. */
  readonly secretKey: string;
  /** Stops serving, and serves again at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const apiKey = "a-key-for-tests";

/** With the short history in it; the ledger's clock stands still at noon of 15 April 2026. */
export async function servedLedger({
  withKey = true,
  sources = undefined as SourcesFile | undefined,
} = {}): Promise<ServedLedger> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-served-"));
  const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
  const store = `sqlite:${join(folder, "ledger.sqlite")}`;
  const ledger = await openLedger({ store, mode: "write", clock });
  const refused = (await ledger.submit(history)).filter((each) => each.status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  await ledger.waitFor(history.length, 600_000);
  const { secret, verifier } = newKey("ledger.example");
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const serve = async (port: number): Promise<Api> => {
    const signer = withKey ? parseSigner(secret) : undefined;
    const audit = new Audit({ ledger, clock, signer });
    const app = await buildApp({
      ledger,
      logger: pino({ level: "silent" }),
      clock,
      audit,
      apiKey,
      sources,
    });
    await app.listen({ host: "127.0.0.1", port });
    return app;
  };
  let app = await serve(0);
  const [address] = app.addresses();
  const port = typeof address === "object" ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    ledger,
    byStore: ["--store", store],
    byServer: ["--server", url, "--api-key-file", write("api.key", `${apiKey}\n`)],
    url,
    path: (name) => join(folder, name),
    write,
    publicKey: write("ledger.pub", `${verifier}\n`),
    secretKey: write("ledger.key", `${secret}\n`),
    stop: async () => {
      await app.close();
    },
    start: async () => {
      app = await serve(port);
    },
    close: async () => {
      await app.close();
      await ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}
