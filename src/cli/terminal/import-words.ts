/** Messages about lines and rows of an import: the first ones are printed; all of them go to a file if one is named. */
import { number } from "../../reports/text/figures.ts";
import { LineFile } from "./line-file.ts";
import type { Terminal } from "./terminal.ts";

/** The maximum number of messages that are printed; the rest are only counted. */
const maxSaid = 20;

export class ImportWords {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #file: LineFile | null;
  #count = 0;

  /** `what` is the plural noun for the messages; `path` is the NDJSON file for all of them. */
  constructor(terminal: Terminal, what: string, path: string | undefined) {
    this.#terminal = terminal;
    this.#what = what;
    this.#file = path === undefined ? null : new LineFile(path);
  }

  /** Prints a message, unless there were too many, and writes it to the file. */
  async add(text: string, json: object): Promise<void> {
    this.#count++;
    if (this.#count <= maxSaid) this.#terminal.say(text);
    await this.note(json);
  }

  /** Writes a message to the file only. */
  async note(json: object): Promise<void> {
    await this.#file?.write(`${JSON.stringify(json)}\n`);
  }

  async close(option: string): Promise<void> {
    const unsaid = this.#count - maxSaid;
    if (unsaid > 0) {
      const hint = this.#file === null ? `; ${option} FILE lists them all` : "";
      this.#terminal.say(`and ${number(unsaid)} more ${this.#what}${hint}`);
    }
    await this.#file?.close();
  }
}
