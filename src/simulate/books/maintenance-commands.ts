/** The books' maintenance by command: what the ledger decided about nodes, and what it refused. */
import type { ClusterTruth, Interval } from "../setting/history.ts";

export interface MaintenanceBook {
  readonly announced: number;
  readonly started: number;
  /** Of these, the ones that somebody with a role let begin. */
  readonly startedByRole: number;
  readonly ended: number;
  readonly refused: number;
  /** A refusal counts for each of the no-fly zones that it names. */
  readonly refusedBy: Readonly<Record<string, number>>;
}

/** Of the decisions within the window; each is about one node. */
export function maintenanceOf(
  { nodes, maintenanceRefusals }: Pick<ClusterTruth, "nodes" | "maintenanceRefusals">,
  { from, to }: Interval,
): MaintenanceBook {
  const isInside = (at: number): boolean => from <= at && at < to;
  const decided = nodes.flatMap(({ maintenance }) =>
    maintenance.filter(({ isDecided }) => isDecided),
  );
  const announcements = nodes.flatMap((node) => node.announcements);
  const started = decided.filter((each) => isInside(each.from));
  const refusals = maintenanceRefusals.filter(({ at }) => isInside(at));
  const refusedBy: Record<string, number> = {};
  for (const nfz of refusals.flatMap(({ nfzIds }) => nfzIds))
    refusedBy[nfz] = (refusedBy[nfz] ?? 0) + 1;
  return {
    announced: announcements.filter(({ isDecided, at }) => isDecided && isInside(at)).length,
    started: started.length,
    startedByRole: started.filter(({ role }) => role !== null).length,
    ended: decided.filter((each) => isInside(each.to)).length,
    refused: refusals.length,
    refusedBy,
  };
}
