/** The instant that `at=NODE@INSTANT` marks. */
import { cellOf } from "../../cluster/marked-cell.ts";
import type { PageContext } from "../../frame/page.ts";

/** `null` if the address marks nothing, or another node. */
export function markedInstant(context: PageContext, node: string): number | null {
  const cell = cellOf(context);
  return cell?.node === node ? cell.at : null;
}
