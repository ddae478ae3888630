/** An entry of the catalogue: a member of the document and the figure that computes it. */
import type { Field, FigureOf, ScalarField } from "./field.ts";
import type { FigureInputs } from "./inputs.ts";

export interface Entry<F extends Field = Field> {
  readonly field: F;
  readonly figure: (inputs: FigureInputs) => FigureOf<F>;
}

export function entry<const F extends Field>(
  field: F,
  figure: (inputs: FigureInputs) => FigureOf<F>,
): Entry<F> {
  return { field, figure };
}

/** The note of a section. */
export const noteField = {
  kind: "text",
  title: "Note",
  meaning: "Why a figure of the section is null, or what its reader must know.",
  optional: true,
} as const satisfies ScalarField;

/** The notes that apply, joined to one text. */
export function notes(...lines: (string | false)[]): { readonly note?: string } {
  const holding = lines.filter((line) => line !== false);
  return holding.length === 0 ? {} : { note: holding.join(" ") };
}
