/** The instant that `at=NODE@INSTANT` marks. */
import { parseInstant } from "../../../../projections/time/instant.ts";
import type { PageContext } from "../../frame/page.ts";

interface Cell {
  readonly node: string;
  readonly at: number;
}

/** The cell under the cursor, as the page's address has it. */
export function cellOf({ query }: PageContext): Cell | null {
  const text = query.at;
  if (text === undefined) return null;
  const split = text.lastIndexOf("@");
  const at = parseInstant(text.slice(split + 1));
  return at === null ? null : { node: text.slice(0, split), at };
}

/** `null` if the address marks nothing, or another node. */
export function markedInstant(context: PageContext, node: string): number | null {
  const cell = cellOf(context);
  return cell?.node === node ? cell.at : null;
}
