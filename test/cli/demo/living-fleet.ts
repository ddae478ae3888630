/** A simulated fleet that goes on in a ledger of its own, as in `fleetledger demo`, as fast as the ledger takes it in. */
import { pino } from "pino";
import { DemoClock } from "../../../src/cli/commands/demo/demo-clock.ts";
import { Feed } from "../../../src/cli/commands/demo/feed.ts";
import { scriptAfter } from "../../../src/cli/commands/demo/script.ts";
import { resolveNfzs } from "../../../src/decisions/nfz/resolve.ts";
import { canonicalJson } from "../../../src/events/canonical/canonical.ts";
import { Sweeper } from "../../../src/decisions/sweeps/sweeper.ts";
import { buildApp } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { Step } from "../../../src/cli/commands/demo/script.ts";
import { simulate } from "../../../src/simulate/simulate.ts";
import type { Simulation } from "../../../src/simulate/simulate.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";

const dayMs = 86_400_000;

export interface LivingFleet extends AsyncDisposable {
  readonly simulation: Simulation;
  readonly steps: readonly Step[];
  readonly presentMs: number;
  readonly ledger: Ledger;
  readonly clock: DemoClock;
  readonly app: Api;
  readonly feed: Feed;
  /** What the ledger refused, what went another way, and that all has come. */
  readonly told: string[];
}

export interface Lived {
  readonly scenario: string;
  readonly seed: number;
  readonly days: number;
  readonly daysAhead: number;
  /** Default: as fast as the ledger takes it in. */
  readonly speed?: number;
}

/** With its past in it; nothing further has come yet. */
export async function livingFleet(lived: Lived): Promise<LivingFleet> {
  const { scenario, seed, days, daysAhead, speed = 1e9 } = lived;
  const presentMs = Date.UTC(2026, seed % 12, 4, seed % 24);
  const endMs = presentMs + daysAhead * dayMs;
  const simulation = simulate({ scenario, seed, days: days + daysAhead, endMs, presentMs });
  const { past, steps } = scriptAfter(simulation, presentMs);
  const clock = new DemoClock(presentMs, speed);
  const temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  for (const each of await ledger.submit(past, { preserveTimestamps: true }))
    if (each.status === "refused") throw each.error;
  let sweeper: Sweeper | undefined;
  const told: string[] = [];
  const app = await buildApp({
    ledger,
    clock,
    logger: pino({ level: "silent" }),
    startTimers: async (deciding, onSwept) => {
      sweeper = new Sweeper({
        deciding,
        resolve: async () => void (await resolveNfzs(deciding)),
        isInCharge: () => true,
        onSwept,
        onFailure: (error) => told.push(`sweep: ${String(error)}`),
      });
      await sweeper.start();
      return sweeper;
    },
  });
  const feed = new Feed({
    ledger,
    clock,
    sweep: async () => await sweeper?.sweepAll(),
    post: async (url, payload) => (await app.inject({ method: "POST", url, payload })).statusCode,
    onSkipped: (what, error) => told.push(`skipped ${what}: ${String(error)}`),
    onLeft: (what, why) => told.push(`left ${what}: ${why}`),
    onOver: () => told.push("over"),
  });
  return {
    simulation,
    steps,
    presentMs,
    ledger,
    clock,
    app,
    feed,
    told,
    [Symbol.asyncDispose]: async () => {
      await feed.stop();
      await app.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/**
 * All events of the ledger, as lines that simulated events have too: decisions have ids and positions of their own. What
 * the ledger's timers did in a cluster whose deploy systems only report is left out, because nobody there heeds it.
 */
export async function linesOf({ ledger, simulation }: LivingFleet): Promise<string[]> {
  const { sequence } = await ledger.store.head();
  const events = await ledger.store.query({ after: 0, limit: sequence });
  const asking = askingClusters(simulation);
  return events
    .filter(({ data, attribution: { decision } }) => {
      const isTimed = decision?.command === "sweep";
      return !isTimed || ("cluster" in data && asking.has(data.cluster ?? ""));
    })
    .map(({ type, occurredAt, recordedAt, data, attribution: { decision } }) =>
      // A timer may record a decision a millisecond before its instant, which comes after the rollout's own facts.
      line(type, occurredAt, decision === undefined ? recordedAt : occurredAt, data),
    );
}

export function askingClusters({ history }: Simulation): ReadonlySet<string> {
  const asking = history.clusters.filter(({ asksLedger }) => asksLedger);
  return new Set(asking.map(({ cluster }) => cluster));
}

export function linesOfSimulation({ events }: Simulation): string[] {
  const once = new Map(events.toReversed().map((event) => [event.id, event]));
  return [...once.values()]
    .toReversed()
    .map(({ type, occurredAt, recordedAt, data }) =>
      line(type, Date.parse(occurredAt), Date.parse(recordedAt), data),
    );
}

function line(type: string, occurredAt: number, recordedAt: number, data: object): string {
  return canonicalJson([recordedAt, occurredAt, type, data]);
}
