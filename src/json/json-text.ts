/**
 * JSON from outside: well-formed text, each name once, limits on depth and width, and no key that reaches for a
 * prototype.
 */
import { isUtf8 } from "node:buffer";
import { LedgerError } from "../errors.ts";
import { maxJsonDepth, maxJsonParts, maxMembersPerObject } from "../limits/requests.ts";
import { findMemberError, formOf, membersOf } from "./json-members.ts";
import { pointerPart } from "./pointer.ts";

interface JsonForm {
  /** Members that one object may have. */
  readonly maxMembers?: number;
}

/** Parses the bytes of a whole JSON text. Throws `malformed-json` and says where. */
export function parseJsonBytes(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed("", "is not UTF-8");
  return parseJsonText(bytes.toString("utf8"));
}

/** As `parseJsonBytes`, for text. A name that occurs twice is refused: only the sender knows which one is meant. */
export function parseJsonText(
  text: string,
  { maxMembers = maxMembersPerObject }: JsonForm = {},
): unknown {
  if (text.trim() === "") throw malformed("", "is empty");
  // Checked before parsing: objects with a million members take seconds.
  const form = formOf(text, maxMembers);
  if (form.isTooWide) throw tooWide(text, maxMembers);
  if (form.hasTooManyParts) throw tooLarge("", `has more than ${maxJsonParts} objects and lists`);
  const value = parsed(text);
  if (form.isTooDeep || text.includes("__proto__") || text.includes("\\u")) inspect(value, "", 0);
  if (membersOf(value) !== form.members) throw duplicateMember(text, maxMembers);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const why = message.slice(0, 300).toWellFormed();
    throw malformed("", `is not well-formed JSON: ${why}`, error);
  }
}

function tooWide(text: string, maxMembers: number): LedgerError {
  const found = findMemberError(text, maxMembers);
  // A duplicate name is reported before a member that is one too many.
  if (found?.kind === "twice") return twice(found.path);
  return tooLarge(found?.path ?? "", `has more than ${maxMembers} members`);
}

function duplicateMember(text: string, maxMembers: number): LedgerError {
  return twice(findMemberError(text, maxMembers)?.path ?? "");
}

function twice(path: string): LedgerError {
  return malformed(path, "appears twice in one object");
}

function tooLarge(path: string, message: string): LedgerError {
  return new LedgerError("too-large", `${whereOf(path)} ${message}`, {
    errors: [{ path, message }],
  });
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
  return new LedgerError("malformed-json", `${whereOf(path)} ${message}`, {
    errors: [{ path, message }],
    ...(cause === undefined ? {} : { cause }),
  });
}

function whereOf(path: string): string {
  return path === "" ? "The text" : path;
}
