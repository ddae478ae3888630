/** A receiver of webhooks that answers as a test says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly sequence: number;
}

/** `hang`: takes the message and never answers; `cut`: closes the connection without an answer. */
export type Reply =
  | number
  | "hang"
  | "cut"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** The sequences, in the order in which they came. */
  readonly sequences: () => number[];
  /** The next answers; then 204. */
  answer(...replies: readonly Reply[]): void;
}

/** `onReceived` is called before the answer, and `onAnswered` once it is on its way. */
export async function receiver(
  onAnswered: (received: Received) => void = () => undefined,
): Promise<Receiver> {
  const received: Received[] = [];
  const replies: Reply[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const headers = request.headers as Readonly<Record<string, string>>;
      const each = { path: request.url ?? "", headers, body, sequence: sequenceOf(body) };
      received.push(each);
      const reply = replies.shift() ?? 204;
      if (reply === "hang") return;
      if (reply === "cut") {
        request.socket.destroy();
        return;
      }
      const { status, headers: more } =
        typeof reply === "number" ? { status: reply, headers: {} } : reply;
      response.writeHead(status, more).end(() => onAnswered(each));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    sequences: () => received.map(({ sequence }) => sequence),
    answer: (...more) => void replies.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function sequenceOf(body: string): number {
  const { data, sequence } = JSON.parse(body) as {
    data: { sequence?: number };
    sequence?: string;
  };
  return data.sequence ?? Number(sequence);
}
