/** Which events of each block match a filter by stream, type or cluster. */
import { at } from "../../../../projections/arithmetic/invariants.ts";
import type { EventFilter } from "../../port.ts";
import type { FullBlocks } from "./full-blocks.ts";
import { malformed } from "../rows/looked-up.ts";
import type { OpenBlock } from "./open-block.ts";
import { clusterName, typeName } from "./places.ts";

/** One block's events that match a filter. */
export interface BlockMatches {
  /** The sequence before the block's first event. */
  readonly after: number;
  /** Ascending. */
  readonly offsets: ArrayLike<number>;
}

interface Blocks {
  readonly full: FullBlocks;
  readonly open: readonly OpenBlock[];
}

/** What may match in each block that has sequences in (after, upTo], in the order of the filter. */
export function* blockMatches(
  blocks: Blocks,
  filter: EventFilter,
  after: number,
  upTo: number,
): Generator<BlockMatches> {
  const { blockEvents } = blocks.full;
  const [first, last] = [Math.floor(after / blockEvents), Math.floor((upTo - 1) / blockEvents)];
  for (let i = 0; i <= last - first; i++) {
    const block = filter.order === "desc" ? last - i : first + i;
    if (isBeside(blocks.full, block, filter)) continue;
    const offsets = matching(blocks, block, filter);
    if (offsets.length > 0) yield { after: block * blockEvents, offsets };
  }
}

/** Whether a full block has no event that occurred when the filter says. */
function isBeside(full: FullBlocks, block: number, { from, to }: EventFilter): boolean {
  if ((from === undefined && to === undefined) || block >= full.count) return false;
  const { firstOccurredAt, lastOccurredAt } = full.summary(block);
  return lastOccurredAt < (from ?? -Infinity) || firstOccurredAt >= (to ?? Infinity);
}

function matching(
  { full, open: filling }: Blocks,
  block: number,
  { stream, type, cluster }: EventFilter,
): ArrayLike<number> {
  const open = filling.find(({ index }) => index === block);
  const named = (name: string): ArrayLike<number> =>
    open === undefined ? full.offsetsOf(block, name) : (open.named.get(name) ?? []);
  const lists: ArrayLike<number>[] = [];
  if (stream !== undefined) {
    const runs =
      open === undefined
        ? full.runsOf(block, stream).map(({ offsets }) => offsets)
        : [open.streams.get(stream)?.offsets ?? []];
    lists.push(inAny(runs));
  }
  if (type !== undefined && lists.every(isFilled)) lists.push(named(typeName(type)));
  if (cluster !== undefined && lists.every(isFilled)) {
    lists.push(inAny([named(clusterName(cluster)), named(clusterName(malformed))]));
  }
  return lists.reduce(inBoth);
}

function isFilled({ length }: ArrayLike<number>): boolean {
  return length > 0;
}

/** The offsets in both lists, which ascend. */
function inBoth(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [x, y] = [at(a, i), at(b, j)];
    if (x === y) both.push(x);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return both;
}

/** The offsets in any of the lists, ascending. */
function inAny(lists: readonly ArrayLike<number>[]): ArrayLike<number> {
  const filled = lists.filter(({ length }) => length > 0);
  const [first = []] = filled;
  if (filled.length < 2) return first;
  const all = new Set(filled.flatMap((list) => Array.from(list)));
  return [...all].toSorted((x, y) => x - y);
}
