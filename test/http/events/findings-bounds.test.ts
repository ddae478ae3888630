/** Telling an append's findings costs a bounded amount of work, and the answer says where it was not all done. */
import type { DecisionView } from "../../../projections/view.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FoldingBudget, RequestSubjects } from "../../../src/http/submissions/made-findings.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { Submission } from "../../../src/ledger/append/submission.ts";
import { maxFactsForFindings, maxMadeFindings } from "../../../src/limits/findings.ts";
import type { RealApp } from "../app/real-app.ts";
import { realApp } from "../app/real-app.ts";

const uuid = (number: number) => `88888888-0000-4000-8000-${String(number).padStart(12, "0")}`;
/** A return that ends nothing. */
const returned = (node: string, number: number) => ({
  id: uuid(number),
  type: "NodeReturned",
  occurredAt: "2026-03-03T00:00:00Z",
  data: { cluster: "alpha", node, faultIds: [`nobody-knows-${number}`] },
});
const plenty = () => new FoldingBudget(1_000_000_000);

let real: RealApp;
beforeAll(async () => {
  real = await realApp();
});
afterAll(() => real.close());

/** The ledger, with things of as many facts as said, and the names of those that are folded. */
function counted(factsOf: (name: string) => number) {
  const folded = new Set<string>();
  const { ledger } = real;
  const counting: Pick<Ledger, "sequence" | "waitFor" | "view" | "factCount" | "movedBy"> = {
    sequence: () => ledger.sequence(),
    waitFor: (sequence, timeoutMs) => ledger.waitFor(sequence, timeoutMs),
    movedBy: (sequence) => ledger.movedBy(sequence),
    factCount: ({ name }) => factsOf(name),
    view: (cluster, sequence) => {
      const view = ledger.view(cluster, sequence);
      const findingsFrom: DecisionView["findingsFrom"] = (kind, name, from) => {
        folded.add(name);
        return view.findingsFrom(kind, name, from);
      };
      return Object.assign(Object.create(view), { findingsFrom });
    },
  };
  return { counting, folded };
}

let next = 1;
async function noted(nodes: readonly string[]): Promise<RequestSubjects> {
  const events = nodes.map((node) => returned(node, next++));
  const submissions: readonly Submission[] = await real.ledger.submit(events);
  await real.ledger.waitFor(Math.max(...submissions.map(sequenceOf)), 600_000);
  const subjects = new RequestSubjects();
  subjects.note(events, submissions);
  return subjects;
}

function sequenceOf(submission: Submission): number {
  if (submission.status === "refused") throw submission.error;
  return submission.sequence ?? 0;
}

describe("an append to an entity with a long history", () => {
  test("folds none of it, and says that not everything was checked", async () => {
    const subjects = await noted(["busy"]);
    const { counting, folded } = counted(() => maxFactsForFindings + 1);
    const { made, isWhole } = await subjects.findings(counting, plenty());
    expect([made, isWhole, folded.size]).toEqual([[], false, 0]);
  });

  test("still names the findings of the other entities in the request", async () => {
    const subjects = await noted(["busy", "calm"]);
    const { counting, folded } = counted((name) => (name === "busy" ? maxFactsForFindings + 1 : 1));
    const { made, isWhole } = await subjects.findings(counting, plenty());
    expect([made.length, isWhole, [...folded]]).toEqual([1, false, ["calm"]]);
  });

  test("checks entities until their facts together are too many", async () => {
    const subjects = await noted(["one", "two", "three"]);
    const { counting, folded } = counted(() => maxFactsForFindings / 2);
    const { made, isWhole } = await subjects.findings(counting, plenty());
    expect([made.length, isWhole, folded.size]).toEqual([2, false, 2]);
  });
});

describe("simultaneous appends share a limit on the facts folded per second:", () => {
  test("beyond it they fold nothing, and the next second has the full limit again", async () => {
    let nowMs = 0;
    const budget = new FoldingBudget(50, () => nowMs);
    const { counting } = counted(() => 10);
    const isWhole = async () =>
      (await (await noted(["shared"])).findings(counting, budget)).isWhole;
    const first = [await isWhole(), await isWhole(), await isWhole()];
    expect(first).toEqual([true, true, false]);
    nowMs += 1_000;
    expect([await isWhole(), await isWhole(), await isWhole()]).toEqual([true, true, false]);
  });

  test("what an hour leaves unused is not saved up", () => {
    let nowMs = 0;
    const budget = new FoldingBudget(50, () => nowMs);
    nowMs += 3_600_000;
    expect([budget.take(50), budget.take(1)]).toEqual([true, false]);
  });
});

test("an answer names a bounded number of findings, and says that there are more", async () => {
  const subjects = await noted(Array.from({ length: maxMadeFindings + 1 }, (_, i) => `n-${i}`));
  const { made, isWhole } = await subjects.findings(counted(() => 1).counting, plenty());
  expect([made.length, isWhole]).toEqual([maxMadeFindings, false]);
});
