/** Listens, and stops without losing accepted requests. */
import type { AddressInfo } from "node:net";
import closeWithGrace from "close-with-grace";
import type { AppOptions } from "./app.ts";
import { buildApp, defaultHost } from "./app.ts";
import type { Api } from "./server/api.ts";
import type { FrontDoor } from "./server/front-door.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { maxEventLoopDelayMs, stopAnswersMs, stopPatienceMs } from "../limits/clients.ts";

interface ServeOptions extends AppOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** A listener that is open already. Default: the server listens itself. */
  readonly door?: FrontDoor | undefined;
  /** Whether signals stop the server (and then the ledger); a test stops it itself. */
  readonly stopOnSignals?: boolean;
}

interface RunningServer {
  /** Where it is reached, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /** Refuses new requests, finishes accepted ones, then closes the ledger. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
}

/** How often connections that became idle are closed while the server stops. */
const idleSweepMs = 50;

/** Takes as long as the requests, but no longer than a stop may: what clients keep open is then cut. */
async function closeAll(app: Api, ledger: Ledger, answersMs: number): Promise<void> {
  // Requests are waited for; a store that does not answer must not delay them.
  ledger.stopTrying();
  // Otherwise a kept-alive connection would delay the stop for a minute after its last answer.
  const sweep = setInterval(() => app.server.closeIdleConnections(), idleSweepMs);
  const cut = setTimeout(() => {
    app.log.warn("closing connections that are still open, because the ledger is stopping");
    app.server.closeAllConnections();
  }, answersMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
    await ledger.close();
  }
}

export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { host = defaultHost, port, ledger, logger, stopOnSignals = true } = options;
  const answersMs = options.connections?.stopAnswersMs ?? stopAnswersMs;
  const app = await buildApp({ maxEventLoopDelayMs, ...options });
  if (options.door === undefined) await app.listen({ host, port });
  else await options.door.handTo(app.server);
  const bound = (app.server.address() as AddressInfo).port;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  let finish: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= closeAll(app, ledger, answersMs).finally(finish);
    return stopping;
  };
  if (stopOnSignals) {
    closeWithGrace(
      { delay: stopPatienceMs, logger: { error: (text: unknown) => logger.error(text) } },
      async ({ signal, err }) => {
        if (err === undefined) logger.info({ signal }, "stopping");
        else logger.fatal({ err }, "stopping after an uncaught error");
        await stop();
        await options.log?.flush();
      },
    );
  }
  return { url: `http://${shownHost}:${bound}`, port: bound, stop, stopped };
}
