/**
 * Cuts the elements out of the list `items` of a JSON object while its bytes arrive, so that a list of ten thousand
 * nodes is never in memory whole. What is around them is kept, as an object whose list is empty.
 */
import { LedgerError } from "../../errors.ts";

const [quote, backslash, comma, colon, open, close, openList, closeList] = Buffer.from('"\\,:{}[]');
const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

export class ListItems {
  readonly #maxBytes: number;
  /** What has come of the piece that is being read: an item, or the rest of the object. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #shell: Buffer[] = [];
  #shellBytes = 0;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  /** Whether the bytes belong to an element of the list. */
  #isInItems = false;
  /** The text that stands last at depth 1, as far as it may be `items`; then whether a colon has followed it. */
  #key = "";
  #awaits: "list" | null = null;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes more bytes; returns the items that they complete. Throws `too-large`. */
  push(chunk: Buffer): Buffer[] {
    const items: Buffer[] = [];
    let begin = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (this.#isInText) {
        this.#readText(byte);
        continue;
      }
      if (byte === quote) {
        this.#isInText = true;
        this.#key = "";
        this.#awaits = null;
      } else if (byte === openList && this.#awaits === "list" && this.#depth === 1) {
        this.#keep(chunk.subarray(begin, i + 1));
        begin = i + 1;
        this.#depth++;
        this.#isInItems = true;
        this.#awaits = null;
      } else if (byte === open || byte === openList) {
        this.#depth++;
        this.#awaits = null;
      } else if (byte === close || byte === closeList) {
        this.#depth--;
        if (this.#isInItems && this.#depth === 1) {
          this.#finishItem(chunk.subarray(begin, i), items);
          begin = i;
          this.#isInItems = false;
        }
      } else if (byte === comma && this.#isInItems && this.#depth === 2) {
        this.#finishItem(chunk.subarray(begin, i), items);
        begin = i + 1;
      } else if (byte === colon && this.#depth === 1 && this.#key === "items") {
        this.#awaits = "list";
      } else if (!isSpace(byte)) {
        this.#awaits = null;
      }
    }
    this.#keep(chunk.subarray(begin));
    return items;
  }

  /** The object without its items. */
  end(): Buffer {
    return Buffer.concat([...this.#shell, ...this.#parts]);
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#isInText = false;
    else if (this.#depth === 1 && this.#key.length < 8) this.#key += String.fromCharCode(byte);
  }

  #finishItem(last: Buffer, items: Buffer[]): void {
    const whole = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#partBytes = 0;
    if (whole.some((byte) => !isSpace(byte))) items.push(whole);
  }

  #keep(bytes: Buffer): void {
    if (this.#isInItems) {
      this.#parts.push(Buffer.from(bytes));
      this.#partBytes += bytes.length;
    } else {
      this.#shell.push(Buffer.from(bytes));
      this.#shellBytes += bytes.length;
    }
    if (this.#partBytes > this.#maxBytes || this.#shellBytes > this.#maxBytes)
      throw new LedgerError(
        "too-large",
        `An element of the list, or the rest of it, is larger than ${this.#maxBytes} bytes.`,
      );
  }
}
