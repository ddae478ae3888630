/** Which pairs of waiting rollouts were tested together, as answers show it. */
import { QueueCoverage, coverageRatio } from "../../../projections/co-tests/coverage.ts";
import { type PairStatus, pairStatuses } from "../../../projections/co-tests/tested-sets.ts";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofCluster } from "../known-cluster.ts";
import { type PageAsked, pairKey } from "../lists/rows.ts";
import { keptQueue } from "./kept-queue.ts";

export interface ClusterAsked {
  readonly cluster: string;
  readonly sequence: number;
  /** `null` only if the read looks back to an empty ledger, which has no clusters. */
  readonly at: number | null;
}

interface CoveragePage extends PageAsked {
  /** Only pairs of this status. */
  readonly status?: PairStatus | undefined;
}

/** Counts of all pairs, and a page of them in queue order. Throws `not-found`, and `invalid-request` for no such page. */
export async function coverageAnswer(
  ledger: Ledger,
  { cluster, sequence, at }: ClusterAsked,
  { after, limit, status }: CoveragePage,
) {
  return await ofCluster(ledger, cluster, sequence, (view) => {
    const queue = keptQueue(ledger, view, at ?? -Infinity);
    const coverage = new QueueCoverage(queue);
    const counts = coverage.total();
    const page = coverage.page(pairOf(after), limit, status ?? null);
    if (page === null) throw noPage();
    const last = page.pairs.at(-1);
    const all = pairStatuses.reduce((sum, each) => sum + counts[each], 0);
    return {
      cluster,
      rollouts: queue.rollouts.length,
      total: status === undefined ? all : counts[status],
      ...counts,
      coverage: coverageRatio(counts),
      pairs: page.pairs,
      next: page.hasMore && last !== undefined ? pairKey(...last.rollouts) : null,
    };
  });
}

function pairOf(after: string | undefined): readonly [string, string] | null {
  if (after === undefined) return null;
  try {
    const [first, second, ...more] = after.split("/").map(decodeURIComponent);
    if (first !== undefined && second !== undefined && more.length === 0) return [first, second];
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  throw noPage();
}

function noPage(): LedgerError {
  return new LedgerError("invalid-request", "The list has no such row to go on after.", {
    errors: [{ path: "/query/after", message: "must be what `next` of this list says" }],
  });
}
