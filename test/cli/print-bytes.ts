/**
 * A process of its own for `locale.test.ts`: makes a ledger of given events, and prints whatever has bytes
 * to compare: reports, an issued one and how it is restated, what changed, proofs, the bundle.
 */
import { readFileSync } from "node:fs";
import { pino } from "pino";
import { buildApp } from "../../src/http/app.ts";
import { Audit } from "../../src/seals/audit.ts";
import { parseSigner } from "../../src/tree/signed-note.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { run } from "./run.ts";

const [events = "", store = "", secret = "", publicKey = "", bundle = "", cluster = "", size = ""] =
  process.argv.slice(2);
const from = ["--store", store];
const inputs = readFileSync(events, "utf8").trim().split("\n");
const clock = { nowMs: () => Date.parse("2030-01-01T00:00:00Z") };

function print(what: string, text: string): void {
  process.stdout.write(`# ${what}\n${text}\n`);
}

async function printRun(...args: string[]): Promise<void> {
  const { code, out, said } = await run(...args);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${said}`);
  print(args[0] ?? "", out);
}

/** Keeps the events' recorded times, taking so many of them at a time. */
async function takeIn(batchSize: number): Promise<void> {
  const ledger = await openLedger({ store, mode: "write", clock });
  for (let at = 0; at < inputs.length; at += batchSize) {
    const batch = inputs.slice(at, at + batchSize).map((line): unknown => JSON.parse(line));
    for (const { status, ...rest } of await ledger.submit(batch, { preserveTimestamps: true })) {
      if (status === "refused") throw new Error(JSON.stringify(rest));
    }
  }
  await ledger.close();
}

/** Issues a report, corrects a fact under it, and prints all that the API says of it. */
async function printAudit(): Promise<void> {
  const ledger = await openLedger({ store, mode: "write", clock });
  const signer = parseSigner(readFileSync(secret, "utf8"));
  const audit = new Audit({ ledger, clock, signer });
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock, audit });
  const post = async (url: string, payload: object) => {
    const { statusCode, body } = await app.inject({ method: "POST", url, payload });
    if (statusCode !== 201) throw new Error(`${url}: ${statusCode} ${body}`);
    print(url, body);
    const { sequence } = await ledger.store.head();
    await ledger.waitFor(sequence, 600_000);
  };
  const month = { cluster, period: "2026-03", zone: "Europe/Berlin" };
  await post("/v1/reports", { ...month, report: "march", actor: "Ann" });
  const { sequence } = await ledger.store.head();
  const failed = await ledger.store.query({ cluster, type: "NodeFailed", after: 0, limit: 1 });
  const because = { id: "00000000-0000-4000-8000-000000000001", actor: "Ann", reason: "Prüfung" };
  await post(`/v1/events/${failed[0]?.id}/retraction`, because);
  for (const url of [
    "/v1/reports/march",
    "/v1/reports/march?format=csv",
    "/v1/reports/march?format=html",
    "/v1/reports/march/restated",
    "/v1/reports/march/restated?format=csv",
    "/v1/reports/march/restated?format=html",
    `/v1/audit/diff?from=${sequence}`,
    `/v1/audit/proof/${failed[0]?.id}`,
    `/v1/audit/consistency?from=${sequence}`,
    "/v1/audit/checkpoint",
    "/v1/clusters",
    `/?asOf=${sequence}`,
  ]) {
    const { statusCode, body } = await app.inject(url);
    if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${body}`);
    print(url, body);
  }
  await app.close();
  await ledger.close();
}

await takeIn(Number(size));
const month = ["--cluster", cluster, "--period", "2026-03", "--zone", "Europe/Berlin"];
await printRun("report", ...month, "--format", "json", "--canonical", ...from);
await printRun("report", ...month, "--format", "text", ...from);
await printRun("report", ...month, "--format", "csv", ...from);
await printAudit();
await printRun("export", bundle, "--bundle", "--key", secret, ...from);
print("bundle", readFileSync(bundle, "utf8"));
await printRun("verify", bundle, "--key", publicKey);
await printRun("replay", ...from);
