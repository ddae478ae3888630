/** The findings that an append is told of are those of folding all that is known, before it and after it. */
import { expect, test } from "vitest";
import type { Finding } from "../../projections/facts/finding.ts";
import { isFolded, subjectOf } from "../../projections/facts/subject.ts";
import type { Subject } from "../../projections/facts/subject.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { FoldingBudget, RequestSubjects } from "../../src/http/submissions/made-findings.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomSource } from "../histories/random-source.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { take } from "./take.ts";

const keyOf = ({ kind, factId }: Pick<Finding, "kind" | "factId">) => `${kind} ${factId}`;

/** By the plain fold. */
function plainlyMade(
  events: readonly StoredEvent[],
  subjects: readonly (Subject | null)[],
): Set<string> {
  const made = new Set<string>();
  const last = events.length;
  for (const subject of subjects) {
    if (subject === null || !isFolded(subject.kind)) continue;
    const { cluster, kind, name } = subject;
    const [before, after] = [last - 1, last].map((P) => {
      const view = plainClusterViewAt(rawHistory(events), cluster, P);
      return new Set(view.entity(kind, name)?.findings.map(keyOf));
    });
    for (const key of after ?? []) if (before?.has(key) === false) made.add(key);
  }
  return made;
}

test("the findings that an event is told of are those of the plain fold, whatever the event changes", async () => {
  let found = 0;
  for (let seed = 1; seed <= soakRuns(300, 40); seed++) {
    const history = randomHistory(seed, { maxEvents: 90 });
    const events = storedHistory(history);
    const model = new LiveModel({ factsPerState: randomSource(seed).pick([1, 2, 5]) });
    const ledger = {
      sequence: () => model.sequence,
      waitFor: () => Promise.resolve(),
      view: (cluster: string, sequence?: number) => model.view(cluster, sequence),
      factCount: () => 1,
      movedBy: (sequence: number) => model.movedBy(sequence),
    };
    for (const [i, event] of events.entries()) {
      take(model, [event]);
      const subjects = new RequestSubjects();
      const { id, sequence, type, data } = event;
      subjects.note([history[i]], [
        { status: "appended", id, sequence, revision: 0n, stream: "any" },
      ] as never);
      const { made } = await subjects.findings(ledger, new FoldingBudget(Infinity));
      const about = [subjectOf(type, data), ...model.movedBy(sequence)];
      const wanted = plainlyMade(events.slice(0, i + 1), about);
      const got = made.map(({ kind, eventId }) => `${kind} ${eventId}`);
      expect(new Set(got), `seed ${seed}, event ${i + 1}, a ${type}`).toEqual(wanted);
      found += wanted.size;
    }
  }
  // Otherwise it would be a test of nothing.
  expect(found).toBeGreaterThan(100);
});
