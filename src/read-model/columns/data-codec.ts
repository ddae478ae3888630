/**
 * Encodes event data as bytes: a few bytes per field, and several times faster to read back than JSON. A dictionary
 * holds field names and recurring texts once; ids, which do not recur, are written in place.
 */

const tags = {
  null: 0,
  false: 1,
  true: 2,
  whole: 3,
  negative: 4,
  number: 5,
  word: 6,
  latin1: 7,
  utf16: 8,
  list: 9,
  object: 10,
} as const;

type Json = Record<string, unknown>;

/** What the encoded bytes refer to. Each of `shapes` lists the member names of an object, in order. */
export interface Dictionary {
  /** The word at an index; undefined if there is none. */
  readonly word: (index: number) => string | undefined;
  readonly shapes: readonly (readonly string[])[];
}

/** Only texts up to this length enter the dictionary; longer ones are prose and do not recur. */
const maxWordLength = 64;
/** A bound: more words would be ids under names that do not look like ids. */
const maxWords = 65_536;
const isLatin1 = /^[\0-\u{ff}]*$/u;
/** Texts under these names hardly ever recur. */
const isIdName = /Ids?$|^(from|to|at|codes|rrule|checkpoint)$|At$|From$|To$/;

function isSame(a: readonly string[] | undefined, b: readonly string[]): boolean {
  if (a?.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Grows as it is written to; `bytes` returns what was written so far. */
export class DataWriter implements Dictionary {
  readonly words: string[] = [];
  readonly word = (index: number): string | undefined => this.words[index];
  readonly shapes: string[][] = [];
  readonly #wordIndexes = new Map<string, number>();
  readonly #shapeIndexes = new Map<string, number>();
  readonly #idNames = new Map<string, boolean>();
  #lastShape = -1;
  #bytes: Buffer;
  #length = 0;

  constructor(sizeBytes = 1 << 16) {
    this.#bytes = Buffer.allocUnsafe(sizeBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written so far; valid until the next write. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Appends an object of JSON values. */
  write(data: object): void {
    this.#object(data as Json);
  }

  #value(value: unknown, name: string): void {
    if (typeof value === "string") this.#text(value, name);
    else if (typeof value === "number") this.#number(value);
    else if (value === null) this.#byte(tags.null);
    else if (typeof value === "boolean") this.#byte(value ? tags.true : tags.false);
    else if (Array.isArray(value)) this.#list(value, name);
    else if (typeof value === "object") this.#object(value as Json);
    else throw new TypeError(`${typeof value} is not a JSON value`);
  }

  #object(value: Json): void {
    const names: string[] = [];
    for (const name of Object.keys(value)) if (value[name] !== undefined) names.push(name);
    this.#byte(tags.object);
    this.#whole(this.#shapeOf(names));
    for (const name of names) this.#value(value[name], name);
  }

  #list(items: readonly unknown[], name: string): void {
    this.#byte(tags.list);
    this.#whole(items.length);
    for (const item of items) this.#value(item, name);
  }

  #text(text: string, name: string): void {
    const word = this.#wordOf(text, name);
    if (word !== null) {
      this.#byte(tags.word);
      this.#whole(word);
      return;
    }
    const latin1 = isLatin1.test(text);
    const encoding = latin1 ? "latin1" : "utf16le";
    const sizeBytes = latin1 ? text.length : text.length * 2;
    this.#byte(latin1 ? tags.latin1 : tags.utf16);
    this.#whole(sizeBytes);
    this.#reserve(sizeBytes);
    this.#length += this.#bytes.write(text, this.#length, encoding);
  }

  /** The index of the text in the dictionary; `null` if it does not belong there. */
  #wordOf(text: string, name: string): number | null {
    if (text.length > maxWordLength || this.#isId(name)) return null;
    const known = this.#wordIndexes.get(text);
    if (known !== undefined) return known;
    // Half of a surrogate pair does not survive UTF-8.
    if (this.words.length >= maxWords || !text.isWellFormed()) return null;
    this.#wordIndexes.set(text, this.words.length);
    return this.words.push(text) - 1;
  }

  #isId(name: string): boolean {
    let isId = this.#idNames.get(name);
    if (isId === undefined) {
      isId = isIdName.test(name);
      this.#idNames.set(name, isId);
    }
    return isId;
  }

  #shapeOf(names: string[]): number {
    const last = this.#lastShape;
    if (isSame(this.shapes[last], names)) return last;
    this.#lastShape = this.#indexOfShape(names);
    return this.#lastShape;
  }

  #indexOfShape(names: string[]): number {
    const key = JSON.stringify(names);
    const known = this.#shapeIndexes.get(key);
    if (known !== undefined) return known;
    this.#shapeIndexes.set(key, this.shapes.length);
    return this.shapes.push(names) - 1;
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#byte(value < 0 ? tags.negative : tags.whole);
      this.#whole(Math.abs(value));
    } else {
      this.#byte(tags.number);
      this.#reserve(8);
      this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    }
  }

  /** Writes seven bits per byte, lowest first; every byte but the last has its highest bit set. */
  #whole(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(sizeBytes: number): void {
    const needed = this.#length + sizeBytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads what a `DataWriter` wrote. */
export class DataReader {
  readonly #word: Dictionary["word"];
  readonly #shapes: readonly (readonly string[])[];
  /** One object per shape, to be copied, which is faster than adding the members one by one. */
  readonly #templates: Json[] = [];
  #bytes: Buffer;
  #offset = 0;

  /** The dictionary may grow later, while its writer writes more. */
  constructor(bytes: Buffer, { word, shapes }: Dictionary) {
    this.#bytes = bytes;
    this.#word = word;
    this.#shapes = shapes;
  }

  /** Set again after the writer wrote more, because its bytes may have moved. */
  set bytes(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The object that begins at an offset. Throws a RangeError if none does. */
  read(offset: number): object {
    this.#offset = offset;
    if (this.#byte() !== tags.object) throw new RangeError(`no object begins at ${offset}`);
    return this.#object();
  }

  #value(): unknown {
    const tag = this.#byte();
    switch (tag) {
      case tags.word:
        return this.#word(this.#whole());
      case tags.latin1:
        return this.#text("latin1");
      case tags.whole:
        return this.#whole();
      case tags.object:
        return this.#object();
      case tags.list:
        return this.#list();
      case tags.negative:
        return -this.#whole();
      case tags.number:
        this.#offset += 8;
        return this.#bytes.readDoubleLE(this.#offset - 8);
      case tags.utf16:
        return this.#text("utf16le");
      case tags.null:
        return null;
      case tags.true:
        return true;
      case tags.false:
        return false;
      default:
        throw new RangeError(`no value begins with ${tag}`);
    }
  }

  #object(): Json {
    const shape = this.#whole();
    const names = this.#shapes[shape];
    if (names === undefined) throw new RangeError(`there is no shape ${shape}`);
    const made: Json = { ...(this.#templates[shape] ??= templateOf(names)) };
    for (const name of names) made[name] = this.#value();
    return made;
  }

  #list(): unknown[] {
    const length = this.#whole();
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) list.push(this.#value());
    return list;
  }

  #text(encoding: "latin1" | "utf16le"): string {
    const sizeBytes = this.#whole();
    const begin = this.#offset;
    this.#offset = begin + sizeBytes;
    return encoding === "latin1"
      ? this.#bytes.toString("latin1", begin, this.#offset)
      : this.#bytes.toString("utf16le", begin, this.#offset);
  }

  #whole(): number {
    let byte = this.#byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = this.#byte();
      value += (byte & 0x7f) * scale;
    }
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset++];
    if (byte === undefined) throw new RangeError("the bytes end inside a value");
    return byte;
  }
}

function templateOf(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, null]));
}
