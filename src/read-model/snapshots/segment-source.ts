/** Checks which events of a store a segment is made from. */
import { isLedgerError } from "../../errors.ts";
import type { ViewedStore } from "./viewed-store.ts";
import type { FoundSegment } from "./derived-file.ts";
import type { SegmentSource } from "./segment-block.ts";

/** Identifies the events of a segment that begins after sequence `after`. */
export async function sourceOf(
  store: Pick<ViewedStore, "storedLeaves">,
  after: number,
  size: number,
): Promise<SegmentSource> {
  const leaves = await store.storedLeaves();
  const root = await leaves.rangeRoot(after, after + size);
  return { first: after + 1, size, root: root.toString("hex") };
}

/** Why a segment does not match the store's events after `after`; `null` if it does. */
export async function strangeness(
  store: Pick<ViewedStore, "head" | "storedLeaves">,
  { source, segment }: FoundSegment,
  after: number,
): Promise<string | null> {
  const last = after + segment.length;
  const what = `its events ${after + 1} to ${last}`;
  if (source.first !== after + 1 || source.size !== segment.length) {
    return `it claims that ${what} are ${source.size} events from ${source.first} on`;
  }
  if (last > (await store.head()).sequence) return `the ledger ends before ${what}`;
  try {
    const { root } = await sourceOf(store, after, segment.length);
    return root === source.root ? null : `${what} differ from those of the ledger`;
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return `${what} cannot be compared (${error.message})`;
  }
}
