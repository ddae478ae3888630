/** What no event may hold, whatever its type: the form of JSON values itself. */
import type { InputError } from "../../errors.ts";
import { maxEventDepth } from "../../limits/events.ts";

const pollutingKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const shortestPollutingKey = 9;

/** `key` as one step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * The first value that cannot be stored as JSON: a lone surrogate, a number that is not finite,
 * a key that could change an object's prototype, nesting beyond the limit, or something that is not
 * JSON at all. `null` if there is none.
 */
export function findJsonError(value: unknown, depth = 0): InputError | null {
  switch (typeof value) {
    case "string":
      return value.isWellFormed()
        ? null
        : inputError("contains a lone surrogate, which is not valid Unicode");
    case "number":
      return Number.isFinite(value) ? null : inputError("must be a finite number");
    case "boolean":
      return null;
    case "object":
      if (value === null) return null;
      return depth >= maxEventDepth
        ? inputError(`is nested deeper than ${maxEventDepth} levels`)
        : findInside(value, depth);
    default:
      return inputError("must be a JSON value");
  }
}

function findInside(value: object, depth: number): InputError | null {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = findJsonError(value[i], depth + 1);
      if (found !== null) return { path: pointerStep(i) + found.path, message: found.message };
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return inputError("must be a JSON value");
  for (const key of Object.keys(value)) {
    if (key.length >= shortestPollutingKey && pollutingKeys.has(key)) {
      return { path: pointerStep(key), message: "is not allowed as a key" };
    }
    const inner = findJsonError((value as Record<string, unknown>)[key], depth + 1);
    if (inner !== null) return { path: pointerStep(key) + inner.path, message: inner.message };
    if (!key.isWellFormed())
      return inputError("has a key with a lone surrogate, which is not valid Unicode");
  }
  return null;
}

function inputError(message: string): InputError {
  return { path: "", message };
}
