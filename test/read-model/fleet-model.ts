/** A model of a small fleet that has been there for so many days. */
import { fleetDays } from "../../bench/large-fleet.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { take } from "./take.ts";

const size = {
  clusters: 1,
  nodesPerCluster: 40,
  longJobs: 0,
  shortJobsPerDay: 1,
  lateShare: 0.02,
};

export function modelAfter(days: number): LiveModel {
  const model = new LiveModel({ segmentEvents: 2_048 });
  for (const day of fleetDays({ ...size, days })) takeStated(model, day);
  return model;
}

interface Stated {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly data: object;
}

/** Gives a model events as senders state them. */
export function takeStated(model: LiveModel, stated: readonly Stated[]): void {
  const events = stated.map(({ id, type, occurredAt, recordedAt, data }, i) => ({
    id,
    type,
    schemaVersion: 1,
    stream: "any",
    revision: 0n,
    sequence: model.sequence + 1 + i,
    occurredAt: Date.parse(occurredAt),
    recordedAt: Date.parse(recordedAt),
    data,
    attribution: {},
  }));
  take(model, events as unknown as StoredEvent[]);
}
