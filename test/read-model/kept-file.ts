/** Models that are kept in a file, for tests about that file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { LiveModel } from "../../src/read-model/live/live-model.ts";
import type { ModelSizes } from "../../src/read-model/live/model-sizes.ts";
import { Projector } from "../../src/read-model/projector.ts";
import { keptWithin } from "../../src/read-model/columns/stored-bytes.ts";
import type { Say } from "../../src/store/telling.ts";
import { randomHistory } from "../histories/random-history.ts";
import type { ListStore } from "./list-store.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { viewJson } from "./view-json.ts";

export const sizes = { segmentEvents: 8, factsPerState: 2, maxGatheredFacts: 40 };
export const fileOptions = {
  segmentEvents: sizes.segmentEvents,
  kept: keptWithin(1_000_000),
  onChanged: () => undefined,
};
export const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

export function newPath(name: string): string {
  return join(folder, `${name}.derived`);
}

/** The first history, from that seed on, with more than fifty events. */
export function longHistory(seed: number): StoredEvent[] {
  for (let at = seed * 100; ; at++) {
    const history = randomHistory(at, { maxEvents: 120 });
    if (history.length > 50) return storedHistory(history);
  }
}

interface Starting {
  readonly mode?: "read" | "write";
  readonly say?: Say;
  readonly others?: ModelSizes;
}

export async function started(
  store: ListStore,
  path: string | null,
  { mode = "write", say = () => undefined, others = {} }: Starting = {},
) {
  const all = { ...sizes, ...others };
  const projector = new Projector(store, { path, mode, sizes: all, say, retryMs: 0 });
  await projector.start();
  return projector;
}

/** The views of every cluster at the model's head and halfway equal those of the plain fold. */
export function expectPlain(
  model: LiveModel,
  events: readonly StoredEvent[],
  context: string,
): void {
  expect(model.sequence, context).toBe(events.length);
  for (const cluster of ["c1", "c2"]) {
    for (const P of [events.length, events.length >> 1]) {
      const plain = plainClusterViewAt(rawHistory(events), cluster, P);
      expect(viewJson(model.view(cluster, P)), context).toBe(viewJson(plain));
    }
  }
}
