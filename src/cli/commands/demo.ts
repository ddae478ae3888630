/** `fleetledger demo`: a simulated fleet in a fresh ledger, its reports, and the overview page. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../clock.ts";
import { defaultPeriod } from "../../reports/default-period.ts";
import { slaDocumentOf } from "../../reports/figures.ts";
import { saidByLedger } from "../../ledger/documents.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { openLedger } from "../../ledger/open-ledger.ts";
import { linesPerChunk } from "../../limits/requests.ts";
import { simulate } from "../../simulate/simulate.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { allowedHostsOption } from "../options/allowed-hosts.ts";
import { instant, port, wholeNumber } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { number } from "../../reports/text/figures.ts";
import { startProgress } from "../terminal/progress.ts";
import { reportText } from "../../reports/text/report-text.ts";
import { checkTarget, serveUntilStopped } from "./serve.ts";
import type { ServeTarget } from "./serve.ts";
import { maxDays, scenarioOption, seed } from "./simulate.ts";
import { UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface DemoOptions {
  readonly scenario: string;
  readonly days: number;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  readonly port: number;
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly data?: string;
  readonly serve: boolean;
}

/** Maximum entries of a list in the demo's reports, which share one screen. */
const shortList = 5;

/** How long the reports wait until the views contain the last event. */
const viewsPatienceMs = 120_000;

export const addDemo: AddCommand = (program, { terminal }) => {
  program
    .command("demo")
    .description("Simulate a fleet, print last month's reports and serve the dashboard.")
    .addOption(scenarioOption())
    .option("--days <days>", "number of days to simulate", wholeNumber(1, maxDays), 90)
    .option("--seed <seed>", "random seed; the same seed gives the same fleet", seed, 1)
    .option("--until <instant>", "end of the simulated time; default: now", instant)
    .option("--port <port>", "the port; 0 picks a free one", port, 3000)
    .option("--host <host>", "the address to listen on", "127.0.0.1")
    .addOption(allowedHostsOption())
    .option("--data <folder>", "folder for the ledger; default: a new temporary folder")
    .option("--no-serve", "stop after the reports")
    .action(async (options: DemoOptions) => {
      const { host, port: wanted, allowedHosts } = options;
      const target = { host, port: wanted, allowedHosts, logLevel: "warn" };
      if (options.serve) await checkTarget(target);
      await demo(options, target, terminal);
    });
};

async function demo(options: DemoOptions, target: ServeTarget, terminal: Terminal): Promise<void> {
  const nowMs = systemClock.nowMs();
  const endMs = options.until ?? nowMs;
  if (endMs > nowMs) {
    throw new UsageError("--until is in the future, and a ledger accepts no future facts");
  }
  const path = await freshPath(options.data);
  const store = `sqlite:${path}`;
  terminal.say(
    `simulating ${number(options.days)} days of "${options.scenario}", seed ${options.seed}, until ${formatInstant(endMs)}`,
  );
  const { events } = simulate({ ...options, endMs });
  const ledger = await openLedger({ store, mode: "write" });
  try {
    await append(ledger, events, terminal);
    await ledger.waitFor((await ledger.store.head()).sequence, viewsPatienceMs);
    for (const cluster of ledger.clusters()) await terminal.out(lastMonth(ledger, cluster));
  } catch (error) {
    await ledger.close();
    throw error;
  }
  terminal.say(
    `the ledger is ${path}; for more, run: npx fleetledger report --store ${store} --cluster …, ` +
      `or, for what waits now: npx fleetledger rollout queue --store ${store}`,
  );
  if (options.serve) await serveUntilStopped(ledger, target, terminal);
  else await ledger.close();
}

async function freshPath(data: string | undefined): Promise<string> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), "fleetledger-demo-")));
  await mkdir(folder, { recursive: true });
  const path = join(folder, "demo.sqlite");
  if (!existsSync(path)) return path;
  throw new UsageError(
    `${path} already exists, perhaps from an interrupted demo, and a demo needs a new ledger: ` +
      `remove it, name another folder, or serve this one with: npx fleetledger serve --store sqlite:${path}`,
  );
}

async function append(
  ledger: Ledger,
  events: readonly unknown[],
  terminal: Terminal,
): Promise<void> {
  const progress = startProgress(terminal, "appending");
  const startedMs = performance.now();
  let duplicates = 0;
  try {
    for (let i = 0; i < events.length; i += linesPerChunk) {
      const chunk = events.slice(i, i + linesPerChunk);
      const outcomes = await ledger.submit(chunk, { preserveTimestamps: true });
      for (const outcome of outcomes) {
        if (outcome.status === "refused") throw outcome.error;
        if (outcome.status === "duplicate") duplicates++;
      }
      progress.update(Math.min(i + linesPerChunk, events.length), events.length);
    }
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  const perSecond = number(Math.round(events.length / seconds));
  terminal.say(
    `${number(events.length)} events appended, ${number(duplicates)} of them duplicates, in ${seconds.toFixed(1)} s (${perSecond}/s)`,
  );
}

function lastMonth(ledger: Ledger, cluster: string): string {
  const view = ledger.view(cluster);
  const period = defaultPeriod(view);
  const document = slaDocumentOf(view, { period: period?.label, zone: period?.zone });
  return reportText(saidByLedger(ledger, document), {
    listLimit: shortList,
  });
}
