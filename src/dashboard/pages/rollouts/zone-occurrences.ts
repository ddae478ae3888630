/** Occurrences of no-fly zones in a window, over the clusters that the page shows. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import { oneStep } from "../../../turns.ts";
import type { PageContext } from "../../frame/page.ts";
import { shownClusters } from "./board-rows.ts";
import type { Scope } from "./words.ts";

/** What several clusters have at the same time stands there once. */
export interface ZoneOccurrence extends Interval {
  readonly nfz: string;
  /** By name. */
  readonly clusters: readonly string[];
  readonly scope: Scope;
  readonly inFlight: "finish" | "pause" | "rollback" | null;
}

/** By start, then name. Skipped occurrences, which are empty, are left out. */
export async function occurrencesIn(
  context: PageContext,
  { from, to }: Interval,
): Promise<readonly ZoneOccurrence[]> {
  const key = `zone occurrences ${from} ${to}`;
  const found = await Promise.all(
    shownClusters(context).map((cluster) =>
      context.once(key, cluster, (view) =>
        oneStep(() =>
          [...view.entities("nfz")].flatMap(({ nfz, occurrences, declaration }) =>
            occurrences
              .filter((each) => each.from < each.to && each.from < to && each.to > from)
              .map((each) => ({
                nfz,
                cluster,
                from: each.from,
                to: each.to,
                scope: declaration?.data.scope,
                inFlight: declaration?.data.inFlight ?? null,
              })),
          ),
        ),
      ),
    ),
  );
  const together = Map.groupBy(found.flat(), (each) => `${each.nfz} ${each.from} ${each.to}`);
  return [...together.values()]
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { cluster: _cluster, ...occurrence } = first;
      return [{ ...occurrence, clusters: same.map(({ cluster }) => cluster) }];
    })
    .sort((a, b) => a.from - b.from || (a.nfz < b.nfz ? -1 : 1));
}
