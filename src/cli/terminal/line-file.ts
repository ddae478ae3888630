/** A file that is written line by line while a command runs. */
import { createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { drained } from "../../drained.ts";

export class LineFile {
  readonly #stream: WriteStream;
  readonly #done: Promise<void>;
  #error: Error | null = null;

  constructor(path: string) {
    this.#stream = createWriteStream(path);
    this.#done = finished(this.#stream).catch((error: Error) => {
      this.#error = error;
    });
  }

  /** Writes whole lines, or bytes; waits while the disk is behind. Throws the error of an earlier write, too. */
  async write(text: string | Uint8Array): Promise<void> {
    if (this.#error === null && !this.#stream.write(text)) {
      if ((await drained(this.#stream)) === "closed") await this.#done;
    }
    if (this.#error !== null) throw this.#error;
  }

  /** Ends the file when everything is handed to the system. Throws if writing failed. */
  async close(): Promise<void> {
    this.#stream.end();
    await this.#done;
    if (this.#error !== null) throw this.#error;
  }
}
