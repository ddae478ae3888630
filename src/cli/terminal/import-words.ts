/** Words about lines and rows of an import: the first of them at once, all of them in a file if one is named. */
import { number } from "../../reports/text/figures.ts";
import { LineFile } from "./line-file.ts";
import type { Terminal } from "./terminal.ts";

/** Words that are said one by one; of the rest only the number is told. */
const maxSaid = 20;

export class ImportWords {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #file: LineFile | null;
  #count = 0;

  /** `what` names the words in the plural; `path` is where all of them go, as NDJSON. */
  constructor(terminal: Terminal, what: string, path: string | undefined) {
    this.#terminal = terminal;
    this.#what = what;
    this.#file = path === undefined ? null : new LineFile(path);
  }

  /** Says a word, if there have not been too many, and writes it down. */
  async add(text: string, json: object): Promise<void> {
    this.#count++;
    if (this.#count <= maxSaid) this.#terminal.say(text);
    await this.note(json);
  }

  /** Only writes it down. */
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
