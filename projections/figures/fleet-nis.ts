/** NIS of several clusters together. */
import type { NisFigure } from "./nis.ts";
import type { NodeTime } from "./node-time.ts";
import { exact, ratio } from "../arithmetic/ratio.ts";

/** Sums over clusters. There is no target: each cluster has its own. */
interface FleetNis extends NodeTime {
  readonly clusters: number;
  readonly raw: number | null;
  /** Computed from what each cluster's own policy does not exclude. */
  readonly contractual: number | null;
  readonly excludedNodeMs: number;
}

type Summed = Pick<NisFigure, keyof NodeTime | "excludedNodeMs">;

/** Of a cluster's figure, what the fleet's is computed from. */
export function summed(figure: Summed): Summed {
  const { memberNodeMs, inServiceNodeMs, downNodeMs } = figure;
  const { maintenanceNodeMs, unknownNodeMs, excludedNodeMs } = figure;
  return {
    memberNodeMs,
    inServiceNodeMs,
    downNodeMs,
    maintenanceNodeMs,
    unknownNodeMs,
    excludedNodeMs,
  };
}

/** Divides the sums; it is not the mean of the clusters' figures. Throws FigureTooLarge past 2^53 - 1. */
export function fleetNis(clusters: readonly Summed[]): FleetNis {
  const total = (key: keyof Summed): number => {
    let sum = 0;
    for (const each of clusters) sum = exact(sum + each[key], `${key} of the fleet`);
    return sum;
  };
  const memberNodeMs = total("memberNodeMs");
  const inServiceNodeMs = total("inServiceNodeMs");
  const excludedNodeMs = total("excludedNodeMs");
  return {
    clusters: clusters.length,
    raw: ratio(inServiceNodeMs, memberNodeMs),
    contractual: ratio(inServiceNodeMs, memberNodeMs - excludedNodeMs),
    memberNodeMs,
    inServiceNodeMs,
    downNodeMs: total("downNodeMs"),
    maintenanceNodeMs: total("maintenanceNodeMs"),
    unknownNodeMs: total("unknownNodeMs"),
    excludedNodeMs,
  };
}
