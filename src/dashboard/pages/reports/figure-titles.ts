/** What a figure's path means in words, by the catalogue of fields. */
import { describedSections } from "../../../reports/fields-by-path.ts";

/** Titles by path; a key of a map is `{}` in it, a member of a list `[]`. */
const titles: ReadonlyMap<string, string> = new Map(
  describedSections().flatMap(({ title, fields }) =>
    fields.map((field) => {
      const words = field.path.includes(".") ? `${title}: ${field.title}` : field.title;
      return [field.path.replaceAll(/\{[^}]*\}/g, "{}"), words] as const;
    }),
  ),
);

/**
 * Of `mttr.open[f1,n2].ageMs` what the catalogue calls `mttr.open[].ageMs`, and of `mttr.byCause.hardware.closed` what it
 * calls `mttr.byCause.{cause}.closed`; `null` for a path that it does not have.
 */
export function titleOfFigure(path: string): string | null {
  const plain = path.replaceAll(/\[[^\]]*\]/g, "[]");
  const whole = titles.get(plain) ?? titles.get(plain.replace(/\[\]$/, ""));
  if (whole !== undefined) return whole;
  const parts = plain.split(".");
  for (let i = parts.length - 1; i > 0; i--) {
    const title = titles.get(parts.with(i, "{}").join("."));
    if (title !== undefined) return `${title}, ${parts[i]}`;
  }
  return null;
}
