/**
 * Listens from the first moment of startup, and answers that the ledger is starting until the application takes over.
 * A large ledger takes a while to load, and clients must be able to tell that from overload and from a server that
 * is down.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { LedgerError, errorCatalogue } from "../../errors.ts";
import { maxHeaderMs } from "../../limits/clients.ts";
import { problemHeaders, problemOf } from "./problem.ts";

export interface FrontDoor {
  /** Says in answers how many of how many events are loaded. */
  readonly tell: (done: number, total: number) => void;
  /** Hands the listening socket to the application's server; no connection is refused in between. */
  readonly handTo: (server: Server) => Promise<void>;
  /** Called if startup fails. */
  readonly close: () => Promise<void>;
}

export async function openFrontDoor(address: {
  readonly host: string;
  readonly port: number;
}): Promise<FrontDoor> {
  let progress = 0;
  const door = createServer({ headersTimeout: maxHeaderMs }, (request, response) =>
    answerStarting(request, response, progress),
  );
  door.setTimeout(maxHeaderMs);
  door.listen(address);
  await once(door, "listening");
  return {
    tell: (done, total) => {
      progress = total === 0 ? 1 : done / total;
    },
    handTo: async (server) => {
      server.listen(door);
      // Clients that are already connected here keep being answered here: a request may be on its way.
      await once(server, "listening");
    },
    close: async () => {
      door.close();
      door.closeAllConnections();
      await once(door, "close");
    },
  };
}

/** `progress`: from 0 to 1, as in `/readyz` later. */
function answerStarting(
  request: IncomingMessage,
  response: ServerResponse,
  progress: number,
): void {
  // The process is alive: an orchestrator must not kill it while it loads.
  if (request.url === "/livez") {
    response.writeHead(200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify({ status: "ok" }));
    return;
  }
  const detail = `The ledger is loading: ${Math.floor(100 * progress)} % is done. Try again in a moment.`;
  const error = new LedgerError("starting", detail, { extra: { progress } });
  response.writeHead(errorCatalogue.starting.status, {
    ...problemHeaders(error),
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : JSON.stringify(problemOf(error, "none")));
}
