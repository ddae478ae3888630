/** `fleetledger serve`: the HTTP interface and the overview page. */
import { randomBytes } from "node:crypto";
import pino from "pino";
import type { Logger } from "pino";
import { Audit } from "../../seals/audit.ts";
import { witness } from "../../seals/witness.ts";
import { watchSeals } from "../../seals/seal-watch.ts";
import { isLedgerError } from "../../errors.ts";
import type { Api } from "../../http/server/api.ts";
import type { Sweeper } from "../../decisions/sweeps/sweeper.ts";
import { startSweeper } from "../server/timers.ts";
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
import { sinksOf } from "../../sinks/serving.ts";
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
import { addSinkOptions, readSinkFiles } from "../options/sinks.ts";
import type { SinkOptions } from "../options/sinks.ts";
import type { SealingOptions } from "../options/sealing.ts";
import { readConfiguration } from "../options/source-files.ts";
import type { SourcesFile } from "../../sources/config/sources-file.ts";
import { logTo } from "../server/serve-log.ts";
import { UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface ServeCommandOptions extends SealingOptions, SinkOptions, AccessOptions {
  readonly store: string;
  readonly port: number;
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly logLevel: string;
  readonly timers: boolean;
  readonly sources?: string;
  readonly exemptNamespaces: readonly string[];
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
  /** The sources that may send payloads. Default: none. */
  readonly sources?: SourcesFile | undefined;
  /** Kubernetes namespaces whose pods are admitted without a look. Default: `kube-system`. */
  readonly exemptNamespaces?: readonly string[] | undefined;
  /** What is told to others besides notices. Default: nothing. */
  readonly told?: SinkOptions;
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
    .option("--sources <file>", "the configuration of the sources that may send payloads")
    .option(
      "--exempt-namespaces <names...>",
      "Kubernetes namespaces whose pods are admitted without a look",
      ["kube-system"],
    )
    .option("--log-level <level>", "trace, debug, info, warn, error or silent", "info");
  addSealingOptions(addSinkOptions(addAccessOptions(command)))
    .addHelpText(
      "after",
      "\nOnce there is a key (`access add`, or FLEETLEDGER_API_KEY), every request must send one: Authorization: Bearer KEY.",
    )
    .action(async ({ store, ...options }: ServeCommandOptions) => {
      const { host, port: wanted, allowedHosts, logLevel, timers, sources: file } = options;
      const { exemptNamespaces } = options;
      const { openToAll, publicUrl, sessionSecretFile, rates, ...sealing } = options;
      const access = { openToAll, publicUrl, sessionSecretFile, rates };
      const sources = file === undefined ? undefined : await readConfiguration(file);
      const told: SinkOptions = options;
      const target = {
        host,
        port: wanted,
        allowedHosts,
        logLevel,
        timers,
        access,
        sources,
        exemptNamespaces,
        sealing,
        told,
      };
      await checkTarget(target);
      const logger = logTo(logLevel);
      const door = await openFrontDoor({ host, port: wanted });
      let ledger;
      try {
        ledger = await openWithProgress(terminal, store, "write", {
          // Without a key this process cannot seal, and holding the lease would keep others from sealing.
          lease: sealing.key === undefined ? "observer" : "candidate",
          say: (text, level) => logger[level](text),
          onLoaded: door.tell,
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
  const { host, port: wanted, logLevel, sealing, told = {} } = target;
  readSinkFiles(told);
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
  const told = readSinkFiles(target.told ?? {});
  const apiKey = process.env["FLEETLEDGER_API_KEY"];
  const insideKey = randomBytes(32).toString("base64url");
  let running;
  let stopWatching: () => Promise<void> = async () => undefined;
  let sweeper: Sweeper | undefined;
  const beside = accompanied(target.companion);
  try {
    await refuseOpen(ledger, host, access.openToAll);
    const started = await startAudit(ledger, sealing, clock, logger);
    const { audit } = started;
    stopWatching = started.stopWatching;
    running = await serve({
      ledger,
      clock,
      startTimers: timers
        ? async (decides, onSwept) => (sweeper = await startSweeper(decides, onSwept, logger))
        : undefined,
      // A copy that makes no decisions tells nobody anything.
      sinks: timers ? sinksOf({ ledger, audit, clock, log: logger, ...told }) : undefined,
      extraRoutes: [beside.join],
      logger,
      host,
      port: wanted,
      allowedHosts: [...target.allowedHosts, ...publicHost],
      sources: target.sources,
      exemptNamespaces: target.exemptNamespaces,
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

/** Seals from now on, if there is a key, and watches the seals of others. */
async function startAudit(
  ledger: Ledger,
  sealing: SealingOptions | undefined,
  clock: Clock,
  logger: Logger,
) {
  const sealed = sealing === undefined ? undefined : await auditOf(ledger, sealing, logger);
  const audit = sealed ?? new Audit({ ledger, clock });
  const stopWatching = await watchSeals({
    ledger,
    verifier: audit.signer,
    onFailure: (error) => logger.warn({ err: error }, "the last seal could not be checked"),
  });
  await adoptZones(ledger, clock, logger);
  await audit.startSealing();
  return { audit, stopWatching };
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
