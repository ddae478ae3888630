/** The reconciler, against the plainest model of what a source has told. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { soakRuns } from "../../random-runs.ts";
import { OneNode, bareEnd, epoch, second, started } from "./one-node.ts";
import { type Start, ToldModel } from "./told-model.ts";

const time = fc.integer({ min: 0, max: 14 });
const start: fc.Arbitrary<Start> = fc
  .tuple(time, fc.option(fc.integer({ min: 0, max: 6 }), { nil: null }))
  .map(([from, length]) => ({ from, to: length === null ? null : from + length }));

const runs = { numRuns: soakRuns(10_000, 1_500) };

function spellsTold(starts: readonly Start[], bareEnds: readonly number[] = []) {
  const model = new ToldModel();
  for (const each of starts) model.tellStart(each);
  for (const each of bareEnds) model.tellBareEnd(each);
  return model.spells();
}

describe("what was told with starts and their ends", () => {
  test("gives the same outages in any order, with any repetition", () => {
    fc.assert(
      fc.property(
        fc.array(start, { minLength: 1, maxLength: 7 }),
        fc.array(fc.nat(), { minLength: 14, maxLength: 14 }),
        (starts, keys) => {
          const node = new OneNode();
          const order = [...starts, ...starts]
            .map((each, i) => ({ ...each, key: keys[i] ?? 0 }))
            .sort((a, b) => a.key - b.key);
          for (const { from, to } of order) node.tell([started(from, to)]);
          expect(node.spells()).toEqual(spellsTold(starts));
        },
      ),
      runs,
    );
  });

  test("gives the same outages in one payload as in several", () => {
    fc.assert(
      fc.property(fc.array(start, { minLength: 1, maxLength: 6 }), fc.nat(6), (starts, cut) => {
        const node = new OneNode();
        node.tell(starts.slice(0, cut).map(({ from, to }) => started(from, to)));
        node.tell(starts.slice(cut).map(({ from, to }) => started(from, to)));
        expect(node.spells()).toEqual(spellsTold(starts));
      }),
      runs,
    );
  });
});

type Telling = { readonly start: Start } | { readonly bareEnd: number };
const telling: fc.Arbitrary<Telling> = fc.oneof(
  { weight: 2, arbitrary: start.map((each) => ({ start: each })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 }).map((at) => ({ bareEnd: at })) },
);

const observed = (each: Telling) =>
  "start" in each ? started(each.start.from, each.start.to) : bareEnd(each.bareEnd);

function tellModel(model: ToldModel, each: Telling): void {
  if ("start" in each) model.tellStart(each.start);
  else model.tellBareEnd(each.bareEnd);
}

describe("what was told with bare ends among it", () => {
  test("gives the outages of the model after each telling", () => {
    fc.assert(
      fc.property(fc.array(telling, { minLength: 1, maxLength: 9 }), (tellings) => {
        const node = new OneNode();
        const model = new ToldModel();
        for (const each of tellings) {
          node.tell([observed(each)]);
          tellModel(model, each);
          expect(node.spells()).toEqual(model.spells());
        }
      }),
      runs,
    );
  });

  test("is read back from the events alone: told again, starts give no event", () => {
    fc.assert(
      fc.property(fc.array(telling, { minLength: 1, maxLength: 9 }), (tellings) => {
        const node = new OneNode();
        for (const each of tellings) node.tell([observed(each)]);
        const again = tellings.filter((each) => "start" in each);
        expect(again.map((each) => node.tell([observed(each)]))).toEqual(again.map(() => 0));
      }),
      runs,
    );
  });
});

type Step = Telling | { readonly person: "retracts" | "corrects"; readonly which: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: telling },
  {
    weight: 1,
    arbitrary: fc.record({
      person: fc.constantFrom("retracts" as const, "corrects" as const),
      which: fc.nat(30),
    }),
  },
);

/** A person corrects or retracts one of the events; returns its id. */
function amend(node: OneNode, { person, which }: { person: string; which: number }): string | null {
  const target = node.events[which % Math.max(1, node.events.length)];
  if (target === undefined) return null;
  const eventId = target.id;
  const at = new Date(epoch + 7 * second).toISOString();
  node.append({
    id: crypto.randomUUID(),
    type: person === "retracts" ? "FactRetracted" : "FactCorrected",
    occurredAt: at,
    data: person === "retracts" ? { eventId } : { eventId, ...correctionOf(target) },
    actor: "alice",
    reason: "was otherwise",
  });
  return eventId;
}

/** What a correction says: of a fact another instant, of a correction the same again. */
function correctionOf({ type, data }: { type: string; data: object }): object {
  if (type === "FactRetracted" || type === "FactCorrected") return { data };
  return { occurredAt: new Date(epoch + 7 * second).toISOString() };
}

describe("what a person has corrected or retracted", () => {
  test("is touched no more, and nothing is told of it again and again", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
        const node = new OneNode();
        const touched = new Set<string>();
        const wrong: string[] = [];
        for (const each of steps) {
          if ("person" in each) {
            const id = amend(node, each);
            if (id !== null) touched.add(id);
            continue;
          }
          const before = node.events.length;
          node.tell([observed(each)]);
          for (const { data } of node.events.slice(before)) {
            const { eventId = "" } = data as { eventId?: string };
            if (touched.has(eventId)) wrong.push(`touched ${eventId}`);
          }
          if ("start" in each && node.tell([observed(each)]) > 0) wrong.push("told again");
        }
        expect(wrong).toEqual([]);
      }),
      runs,
    );
  });

  test("does not come back: a fault that a person retracted, with all that was told of its outage", () => {
    fc.assert(
      fc.property(
        fc.array(telling, { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        fc.array(telling, { maxLength: 6 }),
        (before, which, after) => {
          const node = new OneNode();
          const model = new ToldModel();
          const tell = (each: Telling) => {
            node.tell([observed(each)]);
            tellModel(model, each);
          };
          before.forEach(tell);
          const standing = node.standingFaults();
          const struck = standing[which % Math.max(1, standing.length)];
          if (struck === undefined) return;
          for (const each of model.around(struck.start)) model.struck.add(each);
          node.retract(struck.eventId);
          for (const each of [...before.filter((told) => "start" in told), ...after]) {
            tell(each);
            expect(node.spells()).toEqual(model.spells());
          }
        },
      ),
      runs,
    );
  });
});
