/** Some members of the `nis` section: what a page needs of many windows, without every exclusion of each. */
import type { FigureInputs } from "./entry/inputs.ts";
import { budgetLeft, nis } from "./sections/nis.ts";
import { writtenRecord } from "./write.ts";

const { fields } = nis.field;

type NisMember = keyof typeof fields;

export const nisMemberNames = Object.keys(fields) as readonly NisMember[];

/**
 * These members, in the order of the document. Burn rates cost as much as three more windows, and lists several times
 * as much as their sums: they are computed only where they are asked for, burn rates also for the note.
 */
export function nisMembers(
  inputs: FigureInputs,
  names: readonly NisMember[],
): Readonly<Record<string, unknown>> {
  const has = (...some: readonly NisMember[]) => names.some((name) => some.includes(name));
  const sums = has("exclusions", "announcedLate") ? inputs.nis : inputs.nisSums;
  const figure = has("burnRates", "note")
    ? nis.figure(inputs)
    : { ...sums(), budgetLeftNodeMs: budgetLeft(sums()) };
  const asked = Object.entries(fields).filter(([name]) => names.some((each) => each === name));
  return writtenRecord(Object.fromEntries(asked), figure);
}
