/**
 * What `JSON.parse` does not detect: names that occur twice in one object (it keeps the last), and objects so large
 * that parsing takes seconds.
 */
import { at } from "../../projections/arithmetic/invariants.ts";
import { maxJsonDepth, maxJsonParts } from "../limits/requests.ts";
import { pointerPart } from "./pointer.ts";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** The size of a JSON text, as far as it matters before parsing. */
interface TextForm {
  /** Members of all objects, duplicates included. */
  readonly members: number;
  /** Whether something is nested beyond the limit. */
  readonly isTooDeep: boolean;
  /** Whether an object has more members than it may have. */
  readonly isTooWide: boolean;
  /** Whether there are more objects and lists than a text may have. */
  readonly hasTooManyParts: boolean;
}

/** Number of members of the open objects, outermost first; the scan is synchronous, so one array is enough. */
const outer = new Int32Array(maxJsonDepth + 1);

/**
 * Counts the members of a text in one pass, without extracting names: every event goes through it. For text that is not
 * JSON the result is arbitrary, and the parser reports the error. Stops at the first limit.
 */
export function formOf(text: string, maxMembers: number): TextForm {
  let members = 0;
  let own = 0;
  let depth = 0;
  let parts = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      i = endOfString(text, i);
    } else if (code === colon) {
      members++;
      if (++own > maxMembers) return { ...within, members, isTooWide: true };
    } else if (code === openObject || code === openList) {
      if (depth === maxJsonDepth) return { ...within, members, isTooDeep: true };
      if (++parts > maxJsonParts) return { ...within, members, hasTooManyParts: true };
      outer[depth++] = own;
      own = 0;
    } else if ((code === closeObject || code === closeList) && depth > 0) {
      own = at(outer, --depth);
    }
  }
  return { ...within, members };
}

const within = { members: 0, isTooDeep: false, isTooWide: false, hasTooManyParts: false };

/** The offset of the quote that ends a string, or the end of the text. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  for (let code = text.charCodeAt(i); code !== quote; code = text.charCodeAt(++i)) {
    if (code === backslash) i++;
    if (i >= text.length) return text.length;
  }
  return i;
}

/** Number of members of all objects of a parsed value; smaller than in its text if a name occurs twice. */
export function membersOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (typeof item === "object") members += membersOf(item);
    }
    return members;
  }
  for (const name in value) {
    members++;
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof inner === "object") members += membersOf(inner);
  }
  return members;
}

interface MemberError {
  /** JSON pointer to the member that occurs twice, or the object that has too many. */
  readonly path: string;
  readonly kind: "twice" | "too-many";
}

/** One object or list that is open while the text is read. */
interface Open {
  /** `null` for a list. */
  readonly names: Set<string> | null;
  /** The member or index that is being read. */
  step: string | number;
}

/**
 * The first name that occurs twice, or the first object with too many members. It is slow, and called only if there is
 * one.
 */
export function findMemberError(text: string, maxMembers: number): MemberError | null {
  const open: Open[] = [];
  let lastString: string | null = null;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const innermost = open.at(-1);
    if (code === quote) {
      const end = endOfString(text, i);
      lastString = text.slice(i, end + 1);
      i = end;
    } else if (code === colon && innermost?.names && lastString !== null) {
      const name = textOf(lastString);
      const isTwice = innermost.names.has(name);
      if (!isTwice && innermost.names.size === maxMembers) {
        return { path: pointerOf(open.slice(0, -1)), kind: "too-many" };
      }
      innermost.step = name;
      if (isTwice) return { path: pointerOf(open), kind: "twice" };
      innermost.names.add(name);
    } else if (code === comma && innermost?.names === null) {
      innermost.step = Number(innermost.step) + 1;
    } else if (code === openObject) {
      open.push({ names: new Set(), step: "" });
    } else if (code === openList) {
      open.push({ names: null, step: 0 });
    } else if (code === closeObject || code === closeList) {
      open.pop();
    }
  }
  return null;
}

/** A name without its escapes: one name can be escaped in several ways. */
function textOf(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    // Not JSON: the parser refuses the text, and says where.
    return quoted;
  }
}

function pointerOf(open: readonly Open[]): string {
  return open.map(({ step }) => `/${pointerPart(String(step))}`).join("");
}
