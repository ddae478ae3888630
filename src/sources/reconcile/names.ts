/** The names of claims and of what is made of them. */
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import type { Source } from "../config/sources-file.ts";

/** What the envelope of a source's events says as their `source`. */
export function sourceTag({ kind, name }: Pick<Source, "kind" | "name">): string {
  return `${kind}:${name}`;
}

/** A claim's name, and the id of the fault or maintenance that begins with it; a bare end has no start. */
export function claimName(source: string, series: string, start: number | null): string {
  return `${source}:${series}@${start === null ? "" : formatInstant(start)}`;
}

/** The series and the start that a claim's name says; `null` if it is no claim of the source. */
export function readClaimName(
  source: string,
  name: string | undefined,
): { readonly series: string; readonly start: number | null } | null {
  if (name === undefined || !name.startsWith(`${source}:`)) return null;
  const at = name.lastIndexOf("@");
  if (at < 0) return null;
  const series = name.slice(source.length + 1, at);
  const instant = name.slice(at + 1);
  if (instant === "") return { series, start: null };
  const start = parseInstant(instant);
  return start === null ? null : { series, start };
}

const exported = "export:";

/** The correlation of what a file told that was written at an instant. */
export function exportName(at: number): string {
  return exported + formatInstant(at);
}

export function readExportName(name: string | undefined): number | null {
  return name?.startsWith(exported) === true ? parseInstant(name.slice(exported.length)) : null;
}
