/** The next co-tests, as answers show them. */
import {
  type NextBundles,
  namedBundle,
  nextBundles,
} from "../../../projections/co-tests/next-bundles.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofClusterInSteps } from "../known-cluster.ts";
import { type PageAsked, pageOf } from "../lists/rows.ts";
import type { ClusterAsked } from "./coverage.ts";
import { keptQueue } from "./kept-queue.ts";

interface NextAsked extends ClusterAsked {
  /** Default: the policy's. */
  readonly maxBundle?: number | undefined;
}

interface Kept {
  readonly key: string;
  readonly made: NextBundles;
}

/** The last answer of each cluster, for its further pages. */
const kept = new WeakMap<Ledger, Map<string, Kept>>();

/** Throws `not-found`. */
export async function nextBundlesAnswer(ledger: Ledger, asked: NextAsked, page: PageAsked) {
  const { cluster, sequence, at } = asked;
  const ofLedger = kept.get(ledger) ?? new Map<string, Kept>();
  kept.set(ledger, ofLedger);
  return await ofClusterInSteps(ledger, cluster, sequence, function* (view) {
    const queue = keptQueue(ledger, view, at ?? -Infinity);
    const { maxBundle = queue.policy.maxBundle } = asked;
    const key = `${sequence} ${queue.at} ${maxBundle}`;
    const last = ofLedger.get(cluster);
    const made = last?.key === key ? last.made : yield* nextBundles(queue, maxBundle);
    ofLedger.set(cluster, { key, made });
    const numbered = made.bundles.map((bundle, i) => ({ bundle, number: String(i + 1) }));
    const { total, rows, next } = pageOf(numbered, ({ number }) => number, page.after, page.limit);
    return {
      cluster,
      maxBundle,
      pairs: made.pairs,
      lowerBound: made.lowerBound,
      total,
      bundles: rows.map(({ bundle }) => namedBundle(queue, bundle)),
      next,
    };
  });
}
