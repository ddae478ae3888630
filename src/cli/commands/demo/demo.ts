/** `fleetledger demo`: a simulated fleet in a fresh ledger, its reports, and the dashboard, on which the fleet goes on. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../clock.ts";
import { defaultPeriod } from "../../../reports/default-period.ts";
import { slaDocumentOf } from "../../../reports/figures.ts";
import { saidByLedger } from "../../../ledger/documents.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { openLedger } from "../../../ledger/open-ledger.ts";
import { linesPerChunk } from "../../../limits/requests.ts";
import { dayMs } from "../../../simulate/setting/setting.ts";
import { simulate } from "../../../simulate/simulate.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { allowedHostsOption } from "../../options/allowed-hosts.ts";
import { instant, port, wholeNumber } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { startProgress } from "../../terminal/progress.ts";
import { reportText } from "../../../reports/text/report-text.ts";
import { checkTarget, serveUntilStopped } from "../serve.ts";
import type { ServeTarget } from "../serve.ts";
import { DemoClock } from "./demo-clock.ts";
import { Feed } from "./feed.ts";
import { scriptAfter } from "./script.ts";
import type { Step } from "./script.ts";
import { maxDays, scenarioOption, seed } from "../simulate.ts";
import { UsageError } from "../../terminal/terminal.ts";
import type { Terminal } from "../../terminal/terminal.ts";

interface DemoOptions {
  readonly scenario: string;
  readonly days: number;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  /** Simulated seconds in a second. */
  readonly speed: number;
  readonly port: number;
  readonly host: string;
  readonly openToAll: boolean;
  readonly allowedHosts: readonly string[];
  readonly data?: string;
  readonly serve: boolean;
}

/** Maximum entries of a list in the demo's reports, which share one screen. */
const shortList = 5;

/** At this speed something happens every second or so, and a day takes twelve minutes. */
const defaultSpeed = 120;

/** More events in a second than this brings, the ledger would have to take in one by one. */
const maxSpeed = 3_600;

/** How far the simulation goes on past its present; at the default speed that is six hours. */
const aheadDays = 30;

/** How long the reports wait until the views contain the last event. */
const viewsPatienceMs = 120_000;

export const addDemo: AddCommand = (program, { terminal }) => {
  program
    .command("demo")
    .description("Simulate a fleet, print last month's reports and serve the dashboard.")
    .addOption(scenarioOption())
    .option("--days <days>", "number of days to simulate", wholeNumber(1, maxDays), 90)
    .option("--seed <seed>", "random seed; the same seed gives the same fleet", seed, 1)
    .option(
      "--until <instant>",
      "end of the history, from where the simulated time goes on; default: now",
      instant,
    )
    .option(
      "--speed <speed>",
      "simulated seconds in a second while it serves; 1 is real time, at 0 time stands still",
      wholeNumber(0, maxSpeed),
      defaultSpeed,
    )
    .option("--port <port>", "the port; 0 picks a free one", port, 3000)
    .option("--host <host>", "the address to listen on", "127.0.0.1")
    .addOption(allowedHostsOption())
    .option("--open-to-all", "let whoever reaches the address do everything", false)
    .option("--data <folder>", "folder for the ledger; default: a new temporary folder")
    .option("--no-serve", "stop after the reports")
    .action(async (options: DemoOptions) => {
      const { host, port: wanted, allowedHosts, openToAll } = options;
      const target = { host, port: wanted, allowedHosts, logLevel: "warn", access: { openToAll } };
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
  const { past, steps } = simulated(options, endMs);
  const clock = new DemoClock(endMs, options.speed);
  const ledger = await openLedger({ store, mode: "write", clock });
  try {
    await append(ledger, past, terminal);
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
  if (options.serve) {
    terminal.say(saidOfClock(options.speed, endMs));
    await serveUntilStopped(ledger, living(ledger, clock, target, steps, terminal), terminal);
  } else await ledger.close();
}

/** The history, and what is still to come if time goes on. */
function simulated({ serve, speed, ...options }: DemoOptions, presentMs: number) {
  const ahead = serve && speed > 0 ? aheadDays : 0;
  const simulation = simulate({
    ...options,
    days: options.days + ahead,
    endMs: presentMs + ahead * dayMs,
    presentMs,
  });
  return scriptAfter(simulation, presentMs);
}

function saidOfClock(speed: number, fromMs: number): string {
  if (speed === 0) return `simulated time stands still at ${formatInstant(fromMs)} (--speed 0)`;
  const pace = speed === 1 ? "as fast as real time" : `${number(speed)} times as fast as real time`;
  return (
    `the simulated fleet goes on for ${aheadDays} days; its clock, and the ledger's, runs ${pace} ` +
    "(--speed 1 is real time, --speed 0 stands still)"
  );
}

/** The target, with the fleet that goes on while it is served. */
function living(
  ledger: Ledger,
  clock: DemoClock,
  target: ServeTarget,
  steps: readonly Step[],
  terminal: Terminal,
): ServeTarget {
  return {
    ...target,
    clock,
    companion: ({ app, insideKey, logger, sweep }) => {
      const headers = {
        "content-type": "application/json",
        authorization: `Bearer ${insideKey}`,
      };
      const feed = new Feed({
        ledger,
        clock,
        sweep,
        post: async (url, body) =>
          (await app.inject({ method: "POST", url, headers, payload: JSON.stringify(body) }))
            .statusCode,
        onSkipped: (what, err) => logger.warn({ what, err }, "skipped in the simulated fleet"),
        onLeft: (what, why) => logger.info({ what, why }, "not as in the simulation"),
        onOver: () =>
          terminal.say(
            "the simulation is over: simulated time stands still, and the ledger serves on",
          ),
      });
      if (steps.length > 0) feed.start(steps);
      return feed;
    },
  };
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
