/** The sender of the ingest bench, in a thread of its own: it sends a body in pieces and reads the answer meanwhile. */
import { request } from "node:http";
import { performance } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";

/** One body to send. */
export interface Shipment {
  readonly url: string;
  readonly bytes: SharedArrayBuffer;
}

/** How it went. */
export interface Delivery {
  readonly elapsedMs: number;
  /** The last 500 characters of the answer. */
  readonly answerEnd: string;
}

const pieceBytes = 64 * 1024;

parentPort?.on("message", ({ url, bytes }: Shipment) => {
  send(url, Buffer.from(bytes)).then(
    (delivery) => parentPort?.postMessage(delivery, []),
    (error: unknown) => {
      throw error;
    },
  );
});

function send(url: string, body: Buffer): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const headers = { "content-type": "application/x-ndjson" };
    const sending = request(url, { method: "POST", headers }, (answer) => {
      let answerEnd = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        // The last line says what became of all, with the findings that were made: at most a hundred.
        answerEnd = (answerEnd + part).slice(-65_536);
      });
      answer.on("end", () => resolve({ elapsedMs: performance.now() - begin, answerEnd }));
      answer.on("error", reject);
    });
    sending.on("error", reject);
    let at = 0;
    const more = () => {
      while (at < body.length) {
        const piece = body.subarray(at, at + pieceBytes);
        at += pieceBytes;
        if (!sending.write(piece)) {
          sending.once("drain", more);
          return;
        }
      }
      sending.end();
    };
    more();
  });
}
