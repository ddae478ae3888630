/** `fleetledger serve`: the HTTP interface and the overview page. */
import { randomBytes } from "node:crypto";
import pino from "pino";
import type { Logger } from "pino";
import { witness } from "../../seals/witness.ts";
import { watchSeals } from "../../seals/seal-watch.ts";
import { isLedgerError } from "../../errors.ts";
import type { Api } from "../../http/server/api.ts";
import type { Deciding } from "../../decisions/command/deciding.ts";
import { resolveNfzs } from "../../decisions/nfz/resolve.ts";
import type { SweptRollout } from "../../decisions/sweeps/sweep.ts";
import { Sweeper } from "../../decisions/sweeps/sweeper.ts";
import { adoptNewestZones } from "../../ledger/zone-tables.ts";
import { systemClock } from "../../clock.ts";
import type { Clock } from "../../clock.ts";
import { logFlushMs } from "../../limits/log.ts";
import { keyError } from "../../http/access/auth.ts";
import type { FrontDoor } from "../../http/server/front-door.ts";
import { openFrontDoor } from "../../http/server/front-door.ts";
import { serve } from "../../http/serve.ts";
import { logClock } from "../../http/observability/clock-log.ts";
import { logStore } from "../../http/observability/store-log.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { AccessOptions } from "../options/serving-access.ts";
import { addAccessOptions, isOpen, refuseOpen, sessionSecret } from "../options/serving-access.ts";
import { allowedHostsOption } from "../options/allowed-hosts.ts";
import { port, storeOption } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { checkAddress } from "../options/listening-address.ts";
import { standardError } from "../terminal/standard-error.ts";
import { openWithProgress } from "../options/open.ts";
import { forgetAddress, noteAddress } from "../options/serving-address.ts";
import { addSealingOptions, auditOf } from "../options/sealing.ts";
import type { SealingOptions } from "../options/sealing.ts";
import { shownJson, withoutLogins } from "../../shown-text.ts";
import { UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface ServeCommandOptions extends SealingOptions, AccessOptions {
  readonly store: string;
  readonly port: number;
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly logLevel: string;
  readonly timers: boolean;
}

export interface ServeTarget {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly port: number;
  readonly logLevel: string;
  /** Whether sweeps release and stop rollouts; an auditor's copy makes no decisions. Default: yes. */
  readonly timers?: boolean;
  /** Default: nobody but loopback without a key. */
  readonly access?: AccessOptions;
  /** Absent if nothing is signed or sealed. */
  readonly sealing?: SealingOptions;
  /** The ledger's clock. Default: the machine's. */
  readonly clock?: Clock;
  /** Begins once the ledger is served, and is stopped before it closes. */
  readonly companion?: (served: Served) => Companion;
}

/** What a companion of the server may use. */
interface Served {
  readonly app: Api;
  /** Of this process alone: it may state everything, whoever is named. */
  readonly insideKey: string;
  readonly logger: Logger;
  /** Sweeps every rollout now. */
  readonly sweep: () => Promise<void>;
}

interface Companion {
  readonly stop: () => Promise<void>;
}

export const addServe: AddCommand = (program, { terminal }) => {
  const command = program
    .command("serve")
    .description("Serve the API and the dashboard until stopped by a signal.")
    .addOption(storeOption())
    .option("--port <port>", "the port; 0 picks a free one", port, 3000)
    .option("--host <host>", "the address to listen on; loopback by default", "127.0.0.1")
    .addOption(allowedHostsOption())
    .option("--no-timers", "release and stop no rollouts: for a copy that makes no decisions")
    .option("--log-level <level>", "trace, debug, info, warn, error or silent", "info");
  addSealingOptions(addAccessOptions(command))
    .addHelpText(
      "after",
      "\nOnce there is a key (`access add`, or FLEETLEDGER_API_KEY), every request must send one: Authorization: Bearer KEY.",
    )
    .action(async ({ store, ...options }: ServeCommandOptions) => {
      const { host, port: wanted, allowedHosts, logLevel, timers, ...more } = options;
      const { openToAll, publicUrl, sessionSecretFile, rates, ...sealing } = more;
      const access = { openToAll, publicUrl, sessionSecretFile, rates };
      const target = { host, port: wanted, allowedHosts, logLevel, timers, access, sealing };
      await checkTarget(target);
      const logger = logTo(logLevel);
      const door = await openFrontDoor({ host, port: wanted });
      let ledger;
      try {
        ledger = await openWithProgress(terminal, store, "write", {
          // Without a key this process cannot seal, and holding the lease would keep others from sealing.
          lease: sealing.key === undefined ? "observer" : "candidate",
          say: (text, level) => logger[level](text),
        });
      } catch (error) {
        await door.close();
        throw error;
      }
      await serveUntilStopped(ledger, target, terminal, logger, door);
    });
};

/** Throws if the ledger cannot be served, before it is opened. */
export async function checkTarget(target: ServeTarget): Promise<void> {
  const { host, port: wanted, logLevel, sealing } = target;
  if (sealing?.sealTo !== undefined) witness(sealing.sealTo);
  const key = process.env["FLEETLEDGER_API_KEY"];
  const reason = key === undefined ? null : keyError(key);
  if (reason !== null) {
    throw new UsageError(
      `FLEETLEDGER_API_KEY ${reason}; set another, or unset it to serve without a key`,
    );
  }
  if (logLevel !== "silent" && !Object.hasOwn(pino.levels.values, logLevel)) {
    throw new UsageError(
      `--log-level must be one of ${Object.keys(pino.levels.values).join(", ")}, silent`,
    );
  }
  await checkAddress(host, wanted);
}

/** Serves an open ledger until a signal arrives; then closes the ledger. */
export async function serveUntilStopped(
  ledger: Ledger,
  target: ServeTarget,
  terminal: Terminal,
  logger: Logger = logTo(target.logLevel),
  door?: FrontDoor,
): Promise<void> {
  const { host, port: wanted, sealing, timers = true, clock = systemClock, access = {} } = target;
  const publicHost = access.publicUrl === undefined ? [] : [new URL(access.publicUrl).host];
  const apiKey = process.env["FLEETLEDGER_API_KEY"];
  const insideKey = randomBytes(32).toString("base64url");
  let running;
  let stopWatching: () => Promise<void> = async () => undefined;
  let sweeper: Sweeper | undefined;
  const beside = accompanied(target.companion);
  try {
    await refuseOpen(ledger, host, access.openToAll);
    const audit = sealing === undefined ? undefined : await auditOf(ledger, sealing, logger);
    stopWatching = await watchSeals({
      ledger,
      verifier: audit?.signer ?? null,
      onFailure: (error) => logger.warn({ err: error }, "the last seal could not be checked"),
    });
    await adoptZones(ledger, clock, logger);
    await audit?.startSealing();
    running = await serve({
      ledger,
      clock,
      startTimers: timers
        ? async (decides, onSwept) => (sweeper = await startSweeper(decides, onSwept, logger))
        : undefined,
      extraRoutes: [beside.join],
      logger,
      host,
      port: wanted,
      allowedHosts: [...target.allowedHosts, ...publicHost],
      apiKey,
      ...(target.companion === undefined ? {} : { insideKey }),
      publicUrl: access.publicUrl,
      rates: access.rates,
      sessionSecret: await sessionSecret(ledger, access.sessionSecretFile),
      audit,
      door,
      log: { state: () => standardError.state(), flush: () => standardError.flush(logFlushMs) },
    });
  } catch (error) {
    await door?.close();
    await stopWatching();
    await ledger.close();
    throw error;
  }
  const store = ledger.store.description;
  try {
    noteAddress(store, running.url);
  } catch (error) {
    logger.warn({ err: error }, "the server's address could not be written beside the ledger");
  }
  const stopLogging = logStore(ledger.store, logger);
  const stopClock = await logClock(ledger, logger);
  terminal.say(`fleetledger serves ${ledger.store.description} at ${running.url}/ (stop: Ctrl-C)`);
  if (access.openToAll === true && (await isOpen(ledger))) {
    terminal.say("warning: anyone who can reach this address can read and write everything");
  }
  beside.start({ insideKey, logger, sweep: async () => await sweeper?.sweepAll() });
  await running.stopped;
  forgetAddress(store);
  stopLogging();
  stopClock();
  await stopWatching();
}

/** Ties a companion to the life of the application. */
function accompanied(begin: ServeTarget["companion"]) {
  let app: Api | undefined;
  let companion: Companion | undefined;
  return {
    join: (its: Api): void => {
      app = its;
      its.addHook("preClose", async () => await companion?.stop());
    },
    start: (served: Omit<Served, "app">): void => {
      // A signal may have come first.
      if (app?.server.listening === true) companion = begin?.({ app, ...served });
    },
  };
}

async function startSweeper(
  deciding: Deciding,
  onSwept: (swept: SweptRollout) => void,
  logger: Logger,
): Promise<Sweeper> {
  const { store } = deciding.ledger;
  const sweeper = new Sweeper({
    deciding,
    resolve: async () => {
      const events = await resolveNfzs(deciding);
      if (events > 0) logger.info({ events }, "more occurrences of no-fly zones are recorded");
    },
    isInCharge: () => store.drivesTimers?.() ?? true,
    onSwept,
    onFailure: (error) => logger.warn({ err: error }, "a sweep failed; the next one tries again"),
  });
  store.takePartInTimers?.();
  await sweeper.start();
  return sweeper;
}

/** A ledger that cannot be written to now is served all the same, so that its monitors see why. */
async function adoptZones(ledger: Ledger, clock: Clock, logger: Logger): Promise<void> {
  try {
    const zones = await adoptNewestZones(ledger, clock);
    if (zones !== null) logger.info({ tzdata: zones }, "a newer zone table is in force");
  } catch (error) {
    const isForNow =
      isLedgerError(error, "store-unavailable") || isLedgerError(error, "clock-jumped");
    if (!isForNow) throw error;
    logger.warn(
      { err: error },
      "the newest zone table is not in force yet; the next start tries again",
    );
  }
}

function logTo(level: string): Logger {
  const streamWrite = (line: string): string => withoutLogins(shownJson(line));
  const logger = pino({ level, hooks: { streamWrite }, serializers: { err } }, standardError);
  standardError.onLost = (lines) =>
    logger.warn({ lines }, "log lines were lost because they could not be written");
  return logger;
}

/** Leaves out the cause of an error whose message already quotes it. */
function err(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const cause = error.cause instanceof Error ? error.cause.message : null;
  const told = pino.stdSerializers.err(error);
  const isQuoted = cause !== null && error.message.includes(cause);
  return isQuoted ? { ...told, message: error.message } : told;
}
