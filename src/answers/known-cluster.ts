/** Views of clusters that exist at a position. */
import type { ClusterView } from "../../projections/view.ts";
import { LedgerError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Steps } from "../turns.ts";

/** The cluster's view. Throws `not-found` if no fact at the position names it. */
export function knownCluster(ledger: Ledger, cluster: string, sequence: number): ClusterView {
  const view = ledger.view(cluster, sequence);
  if (view.known) return view;
  throw new LedgerError(
    "not-found",
    `No fact that holds at sequence ${sequence} names a cluster "${cluster}".`,
  );
}

/** The views of one cluster, or of all of them where none is named. */
export function clusterViews(
  ledger: Ledger,
  cluster: string | undefined,
  sequence: number,
): ClusterView[] {
  if (cluster !== undefined) return [knownCluster(ledger, cluster, sequence)];
  return ledger.clusters(sequence).map((name) => ledger.view(name, sequence));
}

/** Computes `make` from the cluster's view in turns with other work. Throws as `knownCluster` does. */
export async function ofCluster<T>(
  ledger: Ledger,
  cluster: string,
  sequence: number,
  make: (view: ClusterView) => T,
): Promise<T> {
  knownCluster(ledger, cluster, sequence);
  return await ledger.answer(cluster, sequence, make);
}

/** As `ofCluster`, for work that pauses between its steps. */
export async function ofClusterInSteps<T>(
  ledger: Ledger,
  cluster: string,
  sequence: number,
  make: (view: ClusterView) => Steps<T>,
): Promise<T> {
  knownCluster(ledger, cluster, sequence);
  return await ledger.answerInSteps(cluster, sequence, make);
}

/** As `ofCluster`, for one cluster, or for each if none is named. */
export async function ofClusters<T>(
  ledger: Ledger,
  cluster: string | undefined,
  sequence: number,
  make: (view: ClusterView) => T,
): Promise<T[]> {
  if (cluster !== undefined) return [await ofCluster(ledger, cluster, sequence, make)];
  const made: T[] = [];
  for (const name of ledger.clusters(sequence))
    made.push(await ledger.answer(name, sequence, make));
  return made;
}
