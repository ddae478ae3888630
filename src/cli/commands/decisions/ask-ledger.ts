/**
 * One question to a ledger, as the HTTP interface takes it: to the server that has it open, or in this process to a store
 * that is opened for it. So a command line and a client with the same words get the same decision.
 */
import { pino } from "pino";
import { deciding } from "../../../decisions/command/deciding.ts";
import { resolveNfzs } from "../../../decisions/nfz/resolve.ts";
import { Sweeper } from "../../../decisions/sweeps/sweeper.ts";
import { buildApp } from "../../../http/app.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { refuseMissing, withLedger } from "../../options/open.ts";
import type { NamedLedger } from "../../options/named-ledger.ts";
import { RefusedDecision, ServerRefusal } from "../../terminal/server-refusal.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { refusalOf } from "../../server/refusal.ts";
import { textOf, send } from "../../server/server.ts";

interface Question {
  readonly method: "GET" | "POST";
  /** From `/v1` on, with the query. */
  readonly path: string;
  readonly body?: object;
  /** It asks what would come of a decision: nothing is decided, and a store is only read. */
  readonly isPreview?: true;
}

/** Whether the ledger decides and records something. */
function isDecided({ method, isPreview }: Question): boolean {
  return method === "POST" && isPreview !== true;
}

/** The answer's text. Throws RefusedDecision. */
export async function askLedger(
  terminal: Terminal,
  named: NamedLedger,
  question: Question,
): Promise<string> {
  try {
    return "server" in named
      ? await askServer(named.server, question)
      : await askStore(terminal, named.store, question);
  } catch (error) {
    if (!(error instanceof ServerRefusal) || question.method !== "POST") throw error;
    throw new RefusedDecision(error.message, error);
  }
}

const json = { "content-type": "application/json" };

async function askServer(
  server: Parameters<typeof send>[0],
  { method, path, body }: Question,
): Promise<string> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
  return await textOf(await send(server, { method, path, ...sent }));
}

async function askStore(terminal: Terminal, store: string, question: Question): Promise<string> {
  refuseMissing(store);
  const mode = isDecided(question) ? "write" : "read";
  return await withLedger(terminal, store, mode, (ledger) => askHere(terminal, ledger, question));
}

async function askHere(terminal: Terminal, ledger: Ledger, question: Question): Promise<string> {
  const { method, path, body } = question;
  const decides = deciding(ledger);
  // What was missed while nobody served is made up for before anything is decided.
  if (isDecided(question)) await sweepOnce(terminal, decides);
  const logger = pino({ level: "silent" });
  const app = await buildApp({ ledger, logger, deciding: decides });
  try {
    const answer = await app.inject({
      method,
      url: path,
      ...(body === undefined ? {} : { payload: JSON.stringify(body), headers: json }),
    });
    if (answer.statusCode < 300) {
      // Over a store that others share, a zone may have been declared that this decision had not seen.
      if (isDecided(question) && ledger.store.reachEnd !== undefined)
        await sweepOnce(terminal, decides);
      return answer.body;
    }
    const asked = { url: ledger.store.description, apiKey: null };
    throw refusalOf(answer, answer.body, asked);
  } finally {
    await app.close();
  }
}

async function sweepOnce(terminal: Terminal, decides: ReturnType<typeof deciding>): Promise<void> {
  const sweeper = new Sweeper({
    deciding: decides,
    resolve: async () => void (await resolveNfzs(decides)),
    isInCharge: () => true,
    onSwept: ({ rollout, types, reason }) =>
      terminal.say(`swept: ${rollout}: ${types.join(", ")} (${reason})`),
    onFailure: (error) => {
      throw error;
    },
  });
  await sweeper.start();
  await sweeper.stop();
}
