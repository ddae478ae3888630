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
        faults.push({ path: path + pointerStep(key), message: unknownField(path, key) });
      }
    } else if (issue.code === "invalid_union") {
      faults.push(...unionFaults(issue.errors, path, issue.message));
    } else {
      faults.push({ path, message: messageOf(issue) });
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

function unknownField(path: string, key: string): string {
  if (path === "" && key === "recordedAt") {
    return "is the ledger's to say; `import events --keep-recorded-at` keeps it, in an empty ledger";
  }
  return "is not a field of this type";
}

/** The schema's own words where it has some, else what zod says, as the rest of a sentence. */
function messageOf(issue: Issue): string {
  if (issue.code === "invalid_type") {
    // An issue does not carry its input; zod only words it.
    const isMissing = issue.message.endsWith("received undefined");
    return isMissing ? "is missing" : `must be of type ${issue.expected}`;
  }
  if (issue.code === "invalid_format" && issue.format === "guid") return "must be a UUID";
  return issue.message.slice(0, 1).toLowerCase() + issue.message.slice(1);
}
