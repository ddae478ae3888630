/** What is computed of a cluster and a window, kept for as long as nothing changes that it was computed from. */
import type { ClusterView } from "../../projections/view.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Steps } from "../turns.ts";
import type { WindowQuery } from "./figures.ts";
import { askedPeriod, termsOf } from "./figures.ts";

/** A window whose period is named: it means the same at every position. */
export interface NamedWindow {
  readonly period: string;
  readonly zone?: string | undefined;
}

interface OfWindow<T> {
  /** What is computed, with all that it depends on besides the window and the ledger. */
  readonly name: string;
  /** The result must not depend on the position in any other way than by what it asks the view for. */
  readonly make: (view: ClusterView, window: NamedWindow) => Steps<T>;
  readonly bytesOf: (made: T) => number;
}

/** The result for a known cluster as of a position. Throws as `figureInputs` does. */
export async function keptOfWindow<T>(
  ledger: Ledger,
  cluster: string,
  sequence: number,
  asked: WindowQuery,
  { name, make, bytesOf }: OfWindow<T>,
): Promise<T> {
  const period = askedPeriod(ledger.view(cluster, sequence), asked);
  const window = { period, zone: asked.zone };
  return await ledger.keptAnswer(cluster, sequence, {
    key: JSON.stringify([name, period, asked.zone]),
    terms: (view) => termsOf(view, window),
    make: (view) => make(view, window),
    bytesOf,
  });
}
