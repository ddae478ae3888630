/** Series of a model whose second thread notes what is offered to it. */
import { seriesInSteps } from "../../../projections/figures/series/series.ts";
import type { OfferedList, OfferedPart } from "../../../src/read-model/integers/offered-part.ts";
import { isMade } from "../../../src/read-model/integers/offered-part.ts";
import { SumThread } from "../../../src/read-model/integers/sum-thread.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import type { ModelSizes } from "../../../src/read-model/live/model-sizes.ts";
import { stepsAtOnce, stepsInTurns } from "../../../src/turns.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import type { OracleEvent } from "../../oracle/facts/oracle-event.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { rawHistory, storedHistory } from "../stored-history.ts";
import { take } from "../take.ts";

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 2, 1);
export const edges = Array.from({ length: 11 }, (_, i) => begin + i * dayMs);
export const names = [
  "nis.raw",
  "nis.memberNodeMs",
  "nis.downNodeMs",
  "nis.maintenanceNodeMs",
  "nis.unknownNodeMs",
  "mttr.faultsOpened",
  "mttr.faultsClosed",
  "mttr.meanMs",
] as const;

export type Series = Record<string, readonly (number | null)[]>;

/** Notes what was offered to it. */
export class NotedThread extends SumThread {
  readonly lists: OfferedList[] = [];
  readonly parts: OfferedPart[] = [];

  /** Also with one processor. */
  override get isUseful(): boolean {
    return !this.hasFailed;
  }

  override offerList(list: OfferedList): void {
    this.lists.push(list);
    super.offerList(list);
  }

  override offer(part: OfferedPart): void {
    this.parts.push(part);
    super.offer(part);
  }

  /** How many parts it has made. */
  get made(): number {
    return this.parts.filter(({ list }) => isMade(list.state)).length;
  }
}

export const sizes = { leastSharedFacts: 0 };

export function plain(
  history: readonly OracleEvent[],
  cluster: string,
  P: number,
  cut: readonly number[] = edges,
): Series {
  const view = plainClusterViewAt(rawHistory(storedHistory(history)), cluster, P);
  return stepsAtOnce(seriesInSteps(view, cut, names, firstZones));
}

export function modelOf(history: readonly OracleEvent[], others: ModelSizes): LiveModel {
  const model = new LiveModel({ segmentEvents: 16, ...sizes, ...others });
  take(model, storedHistory(history));
  return model;
}

export async function series(model: LiveModel, cluster: string, P: number): Promise<Series> {
  return await stepsInTurns(seriesSteps(model, cluster, P));
}

export function seriesSteps(
  model: LiveModel,
  cluster: string,
  P: number = model.sequence,
  cut: readonly number[] = edges,
): Generator<undefined, Series> {
  return seriesInSteps(model.view(cluster, P), cut, names, firstZones);
}
