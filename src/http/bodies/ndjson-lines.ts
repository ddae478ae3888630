/** Splits a stream of bytes into lines, in bounded memory: the rest of a line beyond the limit is discarded. */
import { isAscii } from "node:buffer";

/** One line as it was sent, without its line break. */
export interface RawLine {
  /** From 1, as an editor counts; blank lines count. */
  readonly number: number;
  /** Text if that is available; `null` if the line is longer than the limit. */
  readonly content: Buffer | string | null;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Adds bytes and returns the lines that they complete, without blank ones. */
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
    const first = chunk.indexOf(newline);
    if (first < 0) {
      this.#keep(chunk);
      return lines;
    }
    this.#keep(chunk.subarray(0, first));
    this.#finishLine(lines);
    const last = chunk.lastIndexOf(newline);
    if (last > first) this.#takeWhole(chunk.subarray(first + 1, last + 1), lines);
    this.#keep(chunk.subarray(last + 1));
    return lines;
  }

  /** The last line, if it has no line break. */
  end(): RawLine[] {
    const lines: RawLine[] = [];
    if (this.#partBytes > 0 || this.#tooLong) this.#finishLine(lines);
    return lines;
  }

  /** Lines that begin and end within the bytes. */
  #takeWhole(bytes: Buffer, lines: RawLine[]): void {
    // ASCII, by far the most common, has one byte per character: decoded as a whole, lines can be sliced for free.
    if (isAscii(bytes)) {
      this.#takeText(bytes.toString("latin1"), lines);
      return;
    }
    let begin = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, begin)) {
      this.#keep(bytes.subarray(begin, end));
      this.#finishLine(lines);
      begin = end + 1;
    }
  }

  #takeText(text: string, lines: RawLine[]): void {
    let begin = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", begin)) {
      const isTooLong = end - begin > this.#maxLineBytes;
      const bare = text.charCodeAt(end - 1) === carriageReturn && end > begin ? end - 1 : end;
      const content = isTooLong ? null : text.slice(begin, bare);
      if (content === null || !isBlankText(content)) {
        lines.push({ number: this.#number, content });
      }
      this.#number++;
      begin = end + 1;
    }
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
      lines.push({ number: this.#number, content: null });
    } else {
      const [first] = this.#parts;
      const whole = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
      const content = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
      if (!isBlank(content)) lines.push({ number: this.#number, content });
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

function isBlankText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x09) return false;
  }
  return true;
}
