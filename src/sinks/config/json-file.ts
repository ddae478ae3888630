/** Configuration files of operators: JSON that a schema checks, with every fault named by JSON pointer. */
import { readFileSync } from "node:fs";
import type { z } from "zod";
import type { InputError } from "../../errors.ts";
import { LedgerError } from "../../errors.ts";
import { inputErrors } from "../../events/check/input-errors.ts";

/** Throws `invalid-request`. */
export function readJsonFile<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  const parsed = schema.safeParse(jsonOf(path), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw faultsIn(path, inputErrors(parsed.error.issues, ""));
}

/** The error for a file that has faults. */
export function faultsIn(path: string, errors: readonly InputError[]): LedgerError {
  const [first] = errors;
  const detail = `${path}: ${first?.path ?? ""} ${first?.message ?? ""}`;
  return new LedgerError("invalid-request", detail, { errors });
}

function jsonOf(path: string): unknown {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new LedgerError("invalid-request", `${path} cannot be read`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LedgerError("invalid-request", `${path} is no JSON`, { cause: error });
  }
}
