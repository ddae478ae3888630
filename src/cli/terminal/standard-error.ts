/** Standard error as a sink of lines that never stops the process. */
import type { Buffer } from "node:buffer";
import { fstatSync, write } from "node:fs";
import { isatty } from "node:tty";
import { LogSink, type WriteSome } from "./log-sink.ts";

/** Standard error of this process: a file is written through the thread pool, a pipe or terminal as its reader takes it. */
export const standardError = new LogSink(waitsForReader(2) ? toStream : toFile);

function waitsForReader(descriptor: number): boolean {
  if (isatty(descriptor)) return true;
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    // It is closed: each writing says so.
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
    // What fails is told to the callback of each writing; without a listener it would end the process too.
    process.stderr.on("error", () => undefined);
  }
  process.stderr.write(bytes, (error) => done(error ?? null, bytes.length));
}
