/** JSON as it comes from outside: well-formed text, not nested without end, and no key that reaches for a prototype. */
import { isUtf8 } from "node:buffer";
import { LedgerError } from "../errors.ts";
import { maxJsonDepth } from "../limits.ts";
import { pointerPart } from "./problem.ts";

/** Parses the bytes of a whole JSON text. Throws `malformed-json` and names the place. */
export function parseJsonBytes(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed("", "is not UTF-8");
  return parseJsonText(bytes.toString("utf8"));
}

/** As `parseJsonBytes`, of text. */
export function parseJsonText(text: string): unknown {
  if (text.trim() === "") throw malformed("", "is empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const why = message.slice(0, 300).toWellFormed();
    throw malformed("", `is not well-formed JSON: ${why}`, error);
  }
  const mayBePoisoned = text.includes("__proto__") || text.includes("\\u");
  // Text this short cannot be nested too deeply: each level takes two characters.
  const isShort = text.length <= 2 * maxJsonDepth;
  if (mayBePoisoned || !(isShort || isShallow(value, 0))) inspect(value, "", 0);
  return value;
}

/** Whether nothing is nested beyond the limit; `inspect` finds the place where something is. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth >= maxJsonDepth) return false;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (!isShallow(item, depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    if (!isShallow((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return false;
  }
  return true;
}

function inspect(value: unknown, path: string, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= maxJsonDepth) {
    throw malformed(path, `is nested more than ${maxJsonDepth} levels deep`);
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      if (typeof value[i] === "object") inspect(value[i], `${path}/${i}`, depth + 1);
    }
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === "__proto__") throw malformed(`${path}/${key}`, "is not allowed as a name");
    if (typeof inner === "object") inspect(inner, `${path}/${pointerPart(key)}`, depth + 1);
  }
}

function malformed(path: string, message: string, cause?: unknown): LedgerError {
  const where = path === "" ? "The text" : path;
  return new LedgerError("malformed-json", `${where} ${message}`, {
    faults: [{ path, message }],
    ...(cause === undefined ? {} : { cause }),
  });
}
