/** The reads that answers are made of, over a model of a random ledger. */
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { storedHistory } from "../../read-model/stored-history.ts";
import { take } from "../../read-model/take.ts";
import type { OracleEvent } from "../facts/oracle-event.ts";

export function ledgerOf(events: readonly OracleEvent[]): Ledger {
  const stored = storedHistory(events);
  const model = new LiveModel();
  take(model, stored);
  return {
    view: (cluster: string, sequence?: number) => model.view(cluster, sequence),
    clusters: (sequence?: number) => model.clusters(sequence),
    answer: model.answer.bind(model),
    answerInSteps: model.answerInSteps.bind(model),
    store: {
      findByIds: async (ids: readonly string[]) => stored.filter(({ id }) => ids.includes(id)),
    },
  } as unknown as Ledger;
}
