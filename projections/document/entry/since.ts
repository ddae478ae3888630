/** Which fields a version of the definitions has: those introduced by it or before it. */
import type { DefinitionsVersion } from "./definitions.ts";
import { definitionsVersions } from "./definitions.ts";
import type { Field, Fields } from "./field.ts";

/** The version that new documents are made with. */
export const newestDefinitions: DefinitionsVersion =
  definitionsVersions.at(-1) ?? definitionsVersions[0];

/** The version with this name; `null` if this program does not know it. */
export function definitionsNamed(name: string): DefinitionsVersion | null {
  return definitionsVersions.find((each) => each === name) ?? null;
}

/** Whether documents of a version have what `since` introduced; undefined means that it was always there. */
export function isIn(version: DefinitionsVersion, since: DefinitionsVersion | undefined): boolean {
  return (
    since === undefined ||
    definitionsVersions.indexOf(since) <= definitionsVersions.indexOf(version)
  );
}

/** The fields of a version, without newer ones at any depth. */
function fieldsAt(fields: Fields, version: DefinitionsVersion): Fields {
  const kept = Object.entries(fields).filter(([, { since }]) => isIn(version, since));
  return Object.fromEntries(kept.map(([name, field]) => [name, fieldAt(field, version)]));
}

/** The field as a version has it. The field's own `since` is not checked. */
export function fieldAt(field: Field, version: DefinitionsVersion): Field {
  switch (field.kind) {
    case "record":
      return { ...field, fields: fieldsAt(field.fields, version) };
    case "rows":
      return { ...field, row: fieldsAt(field.row, version) };
    case "map": {
      const { each } = field;
      const inner =
        each.kind === "record" ? { ...each, fields: fieldsAt(each.fields, version) } : each;
      return { ...field, each: inner };
    }
    default:
      return field;
  }
}
