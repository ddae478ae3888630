/** The cell that `at=NODE@INSTANT` marks on every picture that has it. */
import { parseInstant } from "../../../projections/time/instant.ts";
import type { PageContext } from "../frame/page.ts";

interface Cell {
  readonly node: string;
  readonly at: number;
}

/** As the page's address has it; `null` if it has none. */
export function cellOf({ query }: PageContext): Cell | null {
  const text = query.at;
  if (text === undefined) return null;
  const split = text.lastIndexOf("@");
  const at = parseInstant(text.slice(split + 1));
  return at === null ? null : { node: text.slice(0, split), at };
}
