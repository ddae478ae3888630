/** Zod's issues as places in the input, by JSON pointer. */
import type { z } from "zod";
import type { InputFault } from "../errors.ts";
import { maxFaultsPerProblem } from "../limits.ts";
import { pointerStep } from "./json-value.ts";

type Issue = z.core.$ZodIssue;

/** Every fault, `under` the pointer of the value that was parsed. */
export function inputFaults(issues: readonly Issue[], under: string): InputFault[] {
  const faults: InputFault[] = [];
  for (const issue of issues) {
    const path = under + issue.path.map((step) => pointerStep(String(step))).join("");
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        faults.push({ path: path + pointerStep(key), message: "is not a field of this type" });
      }
    } else if (issue.code === "invalid_union") {
      faults.push(...unionFaults(issue.errors, path, issue.message));
    } else {
      faults.push({ path, message: issue.message });
    }
  }
  return faults.slice(0, maxFaultsPerProblem);
}

/** The faults of the alternative that went farthest; those that fail at the value itself were not meant. */
function unionFaults(
  alternatives: readonly (readonly Issue[])[],
  path: string,
  message: string,
): InputFault[] {
  const meant = alternatives.filter((issues) =>
    issues.some((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"),
  );
  const [only] = meant;
  return meant.length === 1 && only !== undefined ? inputFaults(only, path) : [{ path, message }];
}
