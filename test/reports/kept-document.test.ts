/** The document of a running month is made of the rows of the one before. */
import { expect, test } from "vitest";
import { asPolicy } from "../../projections/figures/exclusions/policy.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Keepable } from "../../src/read-model/live/kept-answers.ts";
import { documentBytes } from "../../src/reports/kept-document.ts";
import type { KeptRows } from "../../src/reports/kept-rows.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { History, hour, iso } from "../projections/history.ts";

const { eventId: _none, ...terms } = asPolicy(null);

interface Written {
  readonly rows: KeptRows;
}

/** Nodes that nobody watches, one more each hour; each is a row, and so is each of two jobs, one of which is over. */
function tenNodes(): History {
  const history = new History();
  history.add("SlaPolicySet", -1, { ...terms, excludeUnknown: true });
  history.add("JobStarted", 0, { job: "over", nodes: ["n0"] });
  history.add("JobFinished", 0.5, { job: "over", outcome: "completed" });
  history.add("JobStarted", 0.6, { job: "runs", nodes: ["n0"] });
  for (let n = 0; n < 10; n++) history.add("NodeCommissioned", 0, { node: `n${n}` });
  for (let n = 0; n < 10; n++) history.add("NodeObservationLost", n + 1, { node: `n${n}` });
  for (let n = 0; n < 9; n++) history.add("NodeObservationRestored", n + 20, { node: `n${n}` });
  history.reach(40);
  history.reach(41);
  return history;
}

/** The documents as of the last two positions, the second made of the first with its rows marked. */
async function documentsOf(history: History, period: string) {
  let previous: Written | null = null;
  const bytes: number[] = [];
  const ledger: Pick<Ledger, "view" | "timestampsPreserved" | "keptAnswer"> = {
    view: (_cluster, sequence) => history.view(sequence),
    timestampsPreserved: () => false,
    keptAnswer: async <T>(_cluster: string, sequence: number, what: Keepable<T>) => {
      // The documents are all that is kept here.
      const made = stepsAtOnce(what.make(history.view(sequence), previous as T | null));
      bytes.push(what.bytesOf(made));
      previous = marked(made as Written);
      return await Promise.resolve(made);
    },
  };
  const head = history.events.length;
  const documents = [];
  const lengths = [];
  for (const P of [head - 1, head]) {
    const { plain } = await documentBytes(ledger as Ledger, "c", P, { period, zone: "UTC" });
    const text = Buffer.concat(plain).toString();
    documents.push(JSON.parse(text));
    lengths.push(text.length);
  }
  return { documents, bytes, lengths };
}

function marked(written: Written): Written {
  const lists = [...written.rows].map(
    ([field, list]) => [field, { ...list, texts: list.texts.map(() => '"kept"') }] as const,
  );
  return { ...written, rows: new Map(lists) };
}

test("of a running month, only rows that are not those of the document before are written", async () => {
  const { documents, bytes, lengths } = await documentsOf(tenNodes(), "2026-03");
  const [first, second] = documents;
  const { exclusions } = first.nis;
  expect(exclusions).toHaveLength(10);
  const still = { ...exclusions[9], to: iso(hour(41)), ms: exclusions[9].ms + 3_600_000 };
  expect(second.nis.exclusions).toEqual([...Array.from({ length: 9 }, () => "kept"), still]);
  expect(second.jobUptime.jobs).toEqual(["kept", expect.objectContaining({ job: "runs" })]);
  // The rows that are kept are counted.
  expect(bytes[0]).toBeGreaterThan(2 * (lengths[0] ?? 0));
});

test("of a month that is over, no rows are kept", async () => {
  const history = tenNodes();
  history.reach(31 * 24);
  history.reach(31 * 24 + 1);
  const { documents, bytes, lengths } = await documentsOf(history, "2026-03");
  const [first, second] = documents;
  expect({ ...second, asOf: null }).toEqual({ ...first, asOf: null });
  expect(bytes[0]).toBeLessThan(1.4 * (lengths[0] ?? 0));
});
