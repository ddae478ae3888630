/** Where golden ledgers lie, and what they answer through the doors that users have. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Clock } from "../../src/clock.ts";
import { buildApp } from "../../src/http/app.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { parseSigner, parseVerifier } from "../../src/tree/signed-note.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const ledgersFolder = join(folder, "ledgers");

/** A key for tests only: it signs nothing but golden ledgers. */
export const goldenSigner = parseSigner(readFileSync(join(folder, "test-only.key"), "utf8"));
export const goldenVerifier = parseVerifier(readFileSync(join(folder, "test-only.pub"), "utf8"));

export const ledgerFile = "ledger.sqlite";
export const bundleFile = "bundle.txt";
export const sumsFile = "SHA256SUMS";

/** Noon of the day after the last fact. */
export const goldenNow = "2026-04-10T12:00:00Z";

export function goldenFolder(name: string): string {
  return join(ledgersFolder, name);
}

export function goldenNames(): string[] {
  return existsSync(ledgersFolder) ? readdirSync(ledgersFolder).sort() : [];
}

/** The files of a golden ledger but for the list of their sums. */
export function filesOf(path: string): string[] {
  return readdirSync(path)
    .filter((name) => name !== sumsFile)
    .sort();
}

/** As `sha256sum` writes it. */
export function sumsOf(path: string): string {
  const line = (name: string): string => {
    const sum = createHash("sha256")
      .update(readFileSync(join(path, name)))
      .digest("hex");
    return `${sum}  ${name}\n`;
  };
  return filesOf(path).map(line).join("");
}

/** Every issued report, and as it is restated at the head, by the name of its file: what `GET /v1/reports/…` answers. */
export async function answeredReports(
  ledger: Ledger,
  clock: Clock,
): Promise<ReadonlyMap<string, string>> {
  // Once a ledger holds keys, every request needs one; the secrets of its own are kept nowhere.
  const apiKey = "the key of the environment";
  const headers = { authorization: `Bearer ${apiKey}` };
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock, apiKey });
  const get = async (url: string): Promise<string> => {
    const answer = await app.inject({ method: "GET", url, headers });
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
    return answer.body;
  };
  try {
    const { reports } = JSON.parse(await get("/v1/reports")) as { reports: { report: string }[] };
    const answers = new Map<string, string>();
    for (const { report } of reports) {
      const url = `/v1/reports/${report}`;
      answers.set(`${report}.json`, await get(url));
      answers.set(`${report}.csv`, await get(`${url}?format=csv`));
      answers.set(`${report}.restated.csv`, await get(`${url}/restated?format=csv`));
    }
    return answers;
  } finally {
    await app.close();
  }
}
