/** Takes observations that no payload tells: what a source's silence means. */
import type { Ledger } from "../../ledger/ledger.ts";
import { streamsPerTurn } from "../../limits/sources.ts";
import type { Source } from "../config/sources-file.ts";
import { sourceTag } from "../reconcile/names.ts";
import { nodeTasks } from "../reconcile/node-tasks.ts";
import type { Observation } from "../reconcile/observation.ts";
import { type Answer, countOutcome } from "./answer.ts";
import { roundsOf } from "./rounds.ts";

/** Throws what the ledger throws when nothing can be appended. */
export async function takeObservations(
  ledger: Ledger,
  source: Source,
  observations: readonly Observation[],
  actor: string,
): Promise<Answer> {
  const none = { appended: 0, duplicates: 0, absorbed: 0, ignored: 0, truncated: 0 };
  const { length } = observations;
  const answer: Answer = {
    observations: length,
    ...none,
    lastSequence: null,
    refused: [],
    notes: [],
  };
  const said = { source: sourceTag(source), actor };
  const tasks = nodeTasks(source, observations, ledger.nowMs());
  const rounds = roundsOf(ledger);
  for (let i = 0; i < tasks.length; i += streamsPerTurn) {
    const some = tasks
      .slice(i, i + streamsPerTurn)
      .map((task) => ({ stream: task.stream, tasks: [task], said }));
    const outcomes = await Promise.all(some.map((each) => rounds.settle(each)));
    for (const [k, each] of some.entries()) {
      const outcome = outcomes[k];
      if (outcome !== undefined) countOutcome(answer, each, outcome);
    }
  }
  return answer;
}
