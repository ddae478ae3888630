/** An application over a real ledger that has a key, with the short history in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { buildApp } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import { Audit } from "../../../src/seals/audit.ts";
import { newKey, parseSigner } from "../../../src/tree/signed-note.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { history } from "./small-app.ts";

export interface AuditedApp {
  app: Api;
  ledger: Ledger;
  readonly path: string;
  readonly verifierKey: string;
  /** Lets time pass for the ledger. */
  advance(ms: number): void;
  /** Resolves when the views have everything that was appended. */
  settled(): Promise<void>;
  /** Closes both and opens them again on the same file. */
  restart(): Promise<void>;
  /** Sends JSON; gives the status and the body. */
  post(url: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  /** Closes both and removes the file. */
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, unknown>;
  readonly json: Record<string, unknown>;
}

/** The clock stands still at noon of 15 April 2026, until it is told to go on. */
export async function auditedApp({ withKey = true } = {}): Promise<AuditedApp> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-audit-"));
  const path = join(folder, "ledger.sqlite");
  let nowMs = Date.parse("2026-04-15T12:00:00Z");
  const clock = { nowMs: () => nowMs };
  const { secret, verifier } = newKey("ledger.example");
  const open = async () => {
    const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write", clock });
    const signer = withKey ? parseSigner(secret) : undefined;
    const audit = new Audit({ ledger, clock, signer });
    const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock, audit });
    return { ledger, app };
  };
  const made = await open();
  const submissions = await made.ledger.submit(history);
  const refused = submissions.filter((each) => each.status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  await made.ledger.waitFor(history.length, 600_000);
  const audited: AuditedApp = {
    ...made,
    path,
    verifierKey: verifier,
    advance(ms) {
      nowMs += ms;
    },
    async settled() {
      const { sequence } = await audited.ledger.store.head();
      await audited.ledger.waitFor(sequence, 600_000);
    },
    async restart() {
      await audited.app.close();
      await audited.ledger.close();
      Object.assign(audited, await open());
    },
    async post(url, body, headers = {}) {
      const answer = await audited.app.inject({ method: "POST", url, payload: body, headers });
      return asAnswer(answer);
    },
    get: async (url, headers = {}) =>
      asAnswer(await audited.app.inject({ method: "GET", url, headers })),
    async close() {
      await audited.app.close();
      await audited.ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
  return audited;
}

function asAnswer(answer: {
  statusCode: number;
  body: string;
  headers: Record<string, unknown>;
}): Answer {
  const isPacked = answer.headers["content-encoding"] !== undefined;
  const isJson = !isPacked && /json/.test(String(answer.headers["content-type"]));
  return {
    status: answer.statusCode,
    text: answer.body,
    headers: answer.headers,
    json: (isJson ? JSON.parse(answer.body) : {}) as Record<string, unknown>,
  };
}
