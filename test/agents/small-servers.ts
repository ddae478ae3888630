/** Small servers that an agent speaks to: one that answers as a test says, and a ledger that notes what it is sent. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface SmallServer extends AsyncDisposable {
  readonly url: string;
}

export async function smallServer(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<SmallServer> {
  const server = createServer((request, response) => {
    void text(request).then((body) => answer(request, response, body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface NotingLedger extends SmallServer {
  readonly payloads: { readonly path: string; readonly type: string; readonly body: string }[];
  readonly keys: Set<string | undefined>;
  /** What it answers next, in order; then 200. */
  readonly statuses: number[];
  /** Resolves once it has taken so many payloads. */
  taken(count: number): Promise<void>;
}

export async function notingLedger(): Promise<NotingLedger> {
  const payloads: NotingLedger["payloads"] = [];
  const keys = new Set<string | undefined>();
  const statuses: number[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = await smallServer((request, response, body) => {
    const status = statuses.shift() ?? 200;
    keys.add(request.headers.authorization);
    response.writeHead(status).end("{}");
    if (status !== 200 || request.url?.endsWith("/heartbeat") === true) return;
    payloads.push({ path: request.url ?? "", type: request.headers["content-type"] ?? "", body });
    for (const each of waiting) if (payloads.length >= each.count) each.resolve();
  });
  return {
    ...server,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    payloads,
    keys,
    statuses,
    taken: async (count) =>
      await new Promise((resolve) => {
        if (payloads.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
}
