/** Zod's issues as input errors, by JSON pointer. */
import type { z } from "zod";
import type { InputError } from "../../errors.ts";
import { maxErrorsPerProblem } from "../../limits/requests.ts";
import { pointerStep } from "../fields/json-value.ts";
import { nearName } from "../fields/near-name.ts";
import { shownValue } from "../fields/shown-value.ts";

type Issue = z.core.$ZodIssue;

/** Every input error, `under` the pointer of the value that was parsed. */
export function inputErrors(issues: readonly Issue[], under: string): InputError[] {
  const errors: InputError[] = [];
  for (const issue of issues) {
    const path = under + issue.path.map((step) => pointerStep(String(step))).join("");
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        errors.push({ path: path + pointerStep(key), message: unknownField(path, key) });
      }
    } else if (issue.code === "invalid_union") {
      errors.push(...unionErrors(issue.errors, path, issue.message));
    } else {
      errors.push({ path, message: messageOf(issue) });
    }
  }
  return errors.slice(0, maxErrorsPerProblem);
}

/** The errors of the alternative that matched furthest; those that fail at the value itself were not intended. */
function unionErrors(
  alternatives: readonly (readonly Issue[])[],
  path: string,
  message: string,
): InputError[] {
  const meant = alternatives.filter((issues) =>
    issues.some((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"),
  );
  const [only] = meant;
  return meant.length === 1 && only !== undefined ? inputErrors(only, path) : [{ path, message }];
}

function unknownField(path: string, key: string): string {
  if (path === "" && key === "recordedAt") {
    return "is set by the ledger; to preserve it, use `import events --keep-recorded-at` on an empty ledger";
  }
  return "is not a field of this type";
}

/** What is wrong, and with which value, as the predicate of a sentence: the schema's own message if it has one. */
function messageOf(issue: Issue): string {
  const { input } = issue;
  if (issue.code === "invalid_type") {
    return input === undefined ? "is missing" : `must be of type ${issue.expected}${not(input)}`;
  }
  if (issue.code === "invalid_value") {
    return input === undefined
      ? "is missing"
      : `must be ${anyOf(issue.values)}${not(input)}${nearOne(input, issue.values)}`;
  }
  if (issue.code === "invalid_format" && issue.format === "guid") {
    return `must be a UUID, such as 5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11${not(input)}`;
  }
  if (issue.code === "too_big" && issue.origin !== "array") {
    const unit = issue.origin === "string" ? " characters" : "";
    return `must be at most ${issue.maximum}${unit}${not(input)}`;
  }
  if (issue.code === "too_small" && issue.origin !== "array") {
    if (issue.origin === "string") return "must not be empty";
    return `must be at least ${issue.minimum}${not(input)}`;
  }
  if (issue.code === "too_big") return `must have at most ${issue.maximum} elements`;
  if (issue.code === "too_small")
    return issue.minimum === 1
      ? "must not be empty"
      : `must have at least ${issue.minimum} elements`;
  const words = issue.message.slice(0, 1).toLowerCase() + issue.message.slice(1);
  // The schema's own message may already show the value.
  return words.includes(shownValue(input)) ? words : `${words}${not(input)}`;
}

function not(input: unknown): string {
  // For nested values, the type says enough.
  if (Array.isArray(input)) return ", not a list";
  if (typeof input === "object" && input !== null) return ", not an object";
  return input === undefined ? "" : `, not ${shownValue(input)}`;
}

function anyOf(values: readonly unknown[]): string {
  const [only] = values;
  return values.length === 1 ? shownValue(only) : `one of ${values.map(String).join(", ")}`;
}

function nearOne(input: unknown, values: readonly unknown[]): string {
  if (typeof input !== "string" || input.length > longestName) return "";
  const names = values.filter((value) => typeof value === "string");
  const near = nearName(input, names);
  return near === null || names.length < 2 ? "" : `. Did you mean ${near}?`;
}

/** Longer texts were not meant to be one of a few names. */
const longestName = 64;
