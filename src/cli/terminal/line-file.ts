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

  /** Writes text that ends its lines; waits while the disk is behind. Throws what writing met. */
  async write(text: string): Promise<void> {
    if (this.#error === null && !this.#stream.write(text)) {
      if ((await drained(this.#stream)) === "closed") await this.#done;
    }
    if (this.#error !== null) throw this.#error;
  }

  /** Everything is on its way to the disk. Throws what writing met. */
  async close(): Promise<void> {
    this.#stream.end();
    await this.#done;
    if (this.#error !== null) throw this.#error;
  }
}
