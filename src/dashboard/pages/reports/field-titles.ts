/** What a figure's path means in words, by the catalogue of fields. */
import { describedSections } from "../../../reports/fields-by-path.ts";

const titles: ReadonlyMap<string, string> = new Map(
  describedSections().flatMap(({ title, fields }) =>
    fields.map(
      (field) =>
        [field.path, field.path.includes(".") ? `${title}: ${field.title}` : field.title] as const,
    ),
  ),
);

/** Of `mttr.open[f1,n2].ageMs` what `mttr.open[].ageMs` is called; `null` for a path that the catalogue does not have. */
export function fieldTitles(path: string): string | null {
  const plain = path.replaceAll(/\[[^\]]*\]/g, "[]");
  return titles.get(plain) ?? titles.get(plain.replace(/\[\]$/, "")) ?? null;
}
