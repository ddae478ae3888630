/** A client on a bare socket: it sends what a test gives it, when it gives it, and reads only if it is told to. */
import { once } from "node:events";
import { connect } from "node:net";

export interface RawClient {
  readonly send: (text: string | Buffer) => void;
  /** All that has come so far. */
  readonly text: () => string;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;
  readonly isClosed: () => boolean;
  /** Reads nothing more until `read`. */
  readonly pause: () => void;
  readonly read: () => void;
  readonly leave: () => void;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let text = "";
  let isClosed = false;
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1");
  });
  // A connection that the server cuts may be reset: that is what is tested.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      isClosed = true;
      resolve();
    });
  });
  return {
    send: (bytes) => void socket.write(bytes),
    text: () => text,
    closed,
    isClosed: () => isClosed,
    pause: () => void socket.pause(),
    read: () => void socket.resume(),
    leave: () => void socket.destroy(),
  };
}

/** The head of a request for the ledger. */
export function head(method: string, path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: "localhost", ...headers }).map(([k, v]) => `${k}: ${v}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Status and problem document of an answer that is complete. */
export function problemIn(answer: string): { status: number; code: string; headers: string } {
  const [headers = "", body = ""] = answer.split("\r\n\r\n");
  const status = Number(headers.split(" ")[1]);
  return { status, code: (JSON.parse(body) as { code: string }).code, headers };
}
