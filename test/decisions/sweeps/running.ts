/** A rollout in progress that a no-fly zone is going to meet. */
import { Situation, type Zone } from "../situation.ts";

/** In progress since hour 2; NFZ `x` from hour 10 to 20. */
export function running(inFlight: Zone["inFlight"], more: Partial<Zone> = {}): Situation {
  const situation = new Situation();
  situation.nfz("x", { from: 10, to: 20, inFlight, ...more });
  situation.submitted(1);
  situation.decidedOf("RolloutStarted", 2, {});
  return situation;
}

export function progress(situation: Situation, hours: number, nodesDone = 1): void {
  situation.rollout("RolloutProgressed", hours, { nodesDone, nodesTotal: 9 });
}

/** The types of the events that a sweep makes, each with the NFZs that it names. */
export function drafts(situation: Situation, hours: number): unknown[] {
  return (situation.sweep(hours)?.drafts ?? []).map(({ type, data }) => [
    type,
    "nfzIds" in data ? data.nfzIds : null,
  ]);
}
