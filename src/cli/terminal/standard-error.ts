/** Standard error as a sink of lines that never blocks the process. */
import type { Buffer } from "node:buffer";
import { fstatSync, write } from "node:fs";
import { isatty } from "node:tty";
import { LogSink, type WriteSome } from "./log-sink.ts";

/**
 * Standard error of this process: a file is written through the thread pool; a pipe or a terminal as fast as it is
 * read.
 */
export const standardError = new LogSink(waitsForReader(2) ? toStream : toFile);

function waitsForReader(descriptor: number): boolean {
  if (isatty(descriptor)) return true;
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    // It is closed: every write reports that.
    return false;
  }
}

function toFile(bytes: Buffer, done: Parameters<WriteSome>[1]): void {
  write(2, bytes, (error, written) => done(error, written));
}

let isHeard = false;

function toStream(bytes: Buffer, done: Parameters<WriteSome>[1]): void {
  if (!isHeard) {
    isHeard = true;
    // Each write's callback gets its error; without a listener the error would also end the process.
    process.stderr.on("error", () => undefined);
  }
  process.stderr.write(bytes, (error) => done(error ?? null, bytes.length));
}
