/** The scenarios by name, in the order in which they are offered. */
import type { Scenario } from "../setting/scenario.ts";
import { quiet } from "./quiet.ts";
import { stormy } from "./stormy.ts";
import { supercomputer } from "./supercomputer.ts";

export const scenarios: readonly Scenario[] = [supercomputer, quiet, stormy];

/** The scenario of that name. Throws a RangeError that lists the names. */
export function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const names = scenarios.map((scenario) => scenario.name).join(", ");
  throw new RangeError(`no scenario is called "${name}"; there are ${names}`);
}
