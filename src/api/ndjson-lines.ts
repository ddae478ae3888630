/** Lines out of a stream of bytes, in bounded memory: what is beyond the limit of a line is let go. */

/** One line as it came, without its end. */
export interface RawLine {
  /** From 1, as an editor counts; blank lines count. */
  readonly number: number;
  /** `null` where the line is longer than the limit. */
  readonly bytes: Buffer | null;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Takes bytes, gives back the lines that they complete. Blank lines are left out. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #number = 1;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #tooLong = false;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = [];
    let begin = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, begin)) {
      this.#keep(chunk.subarray(begin, end));
      this.#finishLine(lines);
      begin = end + 1;
    }
    this.#keep(chunk.subarray(begin));
    return lines;
  }

  /** The last line, if it has no end of its own. */
  end(): RawLine[] {
    const lines: RawLine[] = [];
    if (this.#partBytes > 0 || this.#tooLong) this.#finishLine(lines);
    return lines;
  }

  #keep(part: Buffer): void {
    if (part.length === 0 || this.#tooLong) return;
    this.#partBytes += part.length;
    if (this.#partBytes > this.#maxLineBytes) {
      this.#tooLong = true;
      this.#parts = [];
    } else {
      this.#parts.push(part);
    }
  }

  #finishLine(lines: RawLine[]): void {
    if (this.#tooLong) {
      lines.push({ number: this.#number, bytes: null });
    } else {
      const [first] = this.#parts;
      const whole = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
      const bytes = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
      if (!isBlank(bytes)) lines.push({ number: this.#number, bytes });
    }
    this.#number++;
    this.#parts = [];
    this.#partBytes = 0;
    this.#tooLong = false;
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}
