/** What a figure's path means in words, and its unit, by the catalogue of fields. */
import { describedSections } from "../../../reports/fields-by-path.ts";

interface FigureWords {
  readonly title: string;
  readonly unit: string;
}

/** By path; a key of a map is `{}` in it, a member of a list `[]`. */
const described: ReadonlyMap<string, FigureWords> = new Map(
  describedSections().flatMap(({ title, fields }) =>
    fields.map((field) => {
      const words = field.path.includes(".") ? `${title}: ${field.title}` : field.title;
      const path = field.path.replaceAll(/\{[^}]*\}/g, "{}");
      return [path, { title: words, unit: field.unit }] as const;
    }),
  ),
);

/**
 * Of `mttr.open[f1,n2].ageMs` what the catalogue calls `mttr.open[].ageMs`, and of `mttr.byCause.hardware.closed` what it
 * calls `mttr.byCause.{cause}.closed`; `null` for a path that it does not have.
 */
export function wordsOfFigure(path: string): FigureWords | null {
  const plain = path.replaceAll(/\[[^\]]*\]/g, "[]");
  const whole = described.get(plain) ?? described.get(plain.replace(/\[\]$/, ""));
  if (whole !== undefined) return whole;
  const parts = plain.split(".");
  for (let i = parts.length - 1; i > 0; i--) {
    const words = described.get(parts.with(i, "{}").join("."));
    if (words !== undefined) return { ...words, title: `${words.title}, ${parts[i]}` };
  }
  return null;
}
