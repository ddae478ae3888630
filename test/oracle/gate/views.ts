/** Views of cluster `c` of a random ledger, by the plain fold or from a model that is kept up to date. */
import type { DecisionView } from "../../../projections/view.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { storedHistory } from "../../read-model/stored-history.ts";
import { take } from "../../read-model/take.ts";
import type { OracleEvent } from "../facts/oracle-event.ts";
import { rawEvents } from "./random-ledger.ts";

/** Of all of the ledger, and of some position before. Each fifth ledger is asked of a model, which is slower. */
export function* viewsOf(
  events: readonly OracleEvent[],
  seed: number,
  some: number,
): Generator<DecisionView> {
  const raw = rawEvents(events);
  const model = seed % 5 === 0 ? modelOf(events, some) : null;
  for (const P of [events.length, some])
    yield model?.view("c", P) ?? plainClusterViewAt(raw, "c", P);
}

/** A model that was asked when it had some of the events. */
function modelOf(events: readonly OracleEvent[], some: number): LiveModel {
  const model = new LiveModel({ factsPerState: 1 + (some % 5) });
  const stored = storedHistory(events);
  take(model, stored.slice(0, some));
  model.view("c");
  take(model, stored.slice(some));
  return model;
}
