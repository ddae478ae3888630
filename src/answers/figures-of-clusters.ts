/** One figure of each of several clusters as JSON, kept for each as long as nothing changes that it was computed from. */
import type { ClusterView } from "../../projections/view.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { jsonInSteps } from "../reports/document-text.ts";
import type { WindowQuery } from "../reports/figures.ts";
import type { NamedWindow } from "../reports/kept-of-window.ts";
import { keptOfWindow } from "../reports/kept-of-window.ts";
import type { Steps } from "../turns.ts";
import { knownCluster } from "./known-cluster.ts";

interface FigureOfCluster<T> {
  /** What is computed, with all that it depends on besides the window and the ledger. */
  readonly name: string;
  /** The figure, and a few numbers that are needed beside its text. */
  readonly make: (
    view: ClusterView,
    window: NamedWindow,
  ) => Steps<{ readonly figure: object; readonly beside: T }>;
}

/** What the numbers beside a text take, roughly, in bytes. */
const besideBytes = 500;

/** The figure of the cluster that is asked for, or of each. Throws `not-found`, and as `figureInputs` does. */
export async function figuresOfClusters<T>(
  ledger: Ledger,
  sequence: number,
  asked: WindowQuery & { readonly cluster?: string | undefined },
  { name, make }: FigureOfCluster<T>,
): Promise<{ readonly text: string; readonly beside: T }[]> {
  const { cluster } = asked;
  if (cluster !== undefined) knownCluster(ledger, cluster, sequence);
  const found: { readonly text: string; readonly beside: T }[] = [];
  for (const each of cluster === undefined ? ledger.clusters(sequence) : [cluster]) {
    const kept = await keptOfWindow(ledger, each, sequence, asked, {
      name,
      make: function* (view, window) {
        const { figure, beside } = yield* make(view, window);
        return { text: yield* jsonInSteps(figure), beside };
      },
      bytesOf: ({ text }) => 2 * text.length + besideBytes,
    });
    found.push(kept);
  }
  return found;
}

/** The answer's text: where it stands, the figure of each cluster, and what there is of all of them. */
export function figuresJson(
  sequence: number,
  figures: readonly string[],
  ofAll: object = {},
): string {
  const rest = JSON.stringify(ofAll).slice(1);
  const begin = `{"asOf":{"sequence":${sequence}},"clusters":[${figures.join(",")}]`;
  return rest === "}" ? `${begin}}` : `${begin},${rest}`;
}
