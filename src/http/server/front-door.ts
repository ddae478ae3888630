/**
 * Listens from the first moment of a start, and answers that the ledger is starting until it is there:
 * a large ledger takes a while to load, and clients can tell that from overload and from a server that is down.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { LedgerError, errorCatalogue } from "../../errors.ts";
import { maxHeaderMs } from "../../limits/clients.ts";
import { problemHeaders, problemOf } from "./problem.ts";

export interface FrontDoor {
  /** Hands the listening socket on to the application's server: no connection is refused between the two. */
  readonly handTo: (server: Server) => Promise<void>;
  /** Nothing came of the start. */
  readonly close: () => Promise<void>;
}

export async function openFrontDoor(address: {
  readonly host: string;
  readonly port: number;
}): Promise<FrontDoor> {
  const door = createServer({ headersTimeout: maxHeaderMs }, answerStarting);
  door.setTimeout(maxHeaderMs);
  door.listen(address);
  await once(door, "listening");
  return {
    handTo: async (server) => {
      server.listen(door);
      // A client that has already connected to this door is answered by it: its request may be on its way.
      await once(server, "listening");
    },
    close: async () => {
      door.close();
      door.closeAllConnections();
      await once(door, "close");
    },
  };
}

function answerStarting(request: IncomingMessage, response: ServerResponse): void {
  // The process lives: whatever would kill it for its silence must not.
  if (request.url === "/livez") {
    response.writeHead(200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify({ status: "ok" }));
    return;
  }
  const error = new LedgerError("starting", "The ledger is loading. Try again in a moment.");
  response.writeHead(errorCatalogue.starting.status, {
    ...problemHeaders(error),
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : JSON.stringify(problemOf(error, "none")));
}
