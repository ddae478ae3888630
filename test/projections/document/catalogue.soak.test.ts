/** The catalogue of the document's fields: complete, and each member computed by itself. */
import { describe, expect, test } from "vitest";
import { apart } from "../../../projections/document/sections/apart.ts";
import { catalogue } from "../../../projections/document/catalogue.ts";
import type { MemberName } from "../../../projections/document/catalogue.ts";
import type { Field } from "../../../projections/document/entry/field.ts";
import { isScalar } from "../../../projections/document/entry/field.ts";
import { inputsOf } from "../../../projections/document/entry/inputs.ts";
import { membersOf, slaDocument } from "../../../projections/document/sla-document.ts";
import { written } from "../../../projections/document/write.ts";
import { plainClusterViewAt } from "../plain-view-at.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { randomRequest } from "../../histories/random-request.ts";
import { soakRuns } from "../../random-runs.ts";
import { watched } from "../watched-view.ts";

const names = Object.keys(catalogue) as MemberName[];

/** Every field below one, itself among them, with its path. */
function* fieldsOf(path: string, field: Field): Generator<[path: string, field: Field]> {
  yield [path, field];
  const inner =
    field.kind === "record"
      ? field.fields
      : field.kind === "rows"
        ? field.row
        : field.kind === "map"
          ? { "*": field.each }
          : {};
  for (const [name, each] of Object.entries(inner)) yield* fieldsOf(`${path}.${name}`, each);
}

const all = [
  ...Object.entries(catalogue).map(([name, { field }]) => [name, field] as const),
  ...Object.entries(apart),
].flatMap(([name, field]) => [...fieldsOf(name, field)]);

describe("every field of the catalogue", () => {
  test.each(all)("%s has a title, and a meaning in sentences", (_path, { title, meaning }) => {
    expect(title).toMatch(/^(\d|[A-Z])\S*/);
    expect(title).not.toMatch(/\.$/);
    expect(meaning).toMatch(/^["(√A-Z].*[.]$|^automatic|^\(1/);
  });

  test("that is a time has a name that says so", () => {
    const times = all.filter(([, field]) => ["durationMs", "nodeMs"].includes(field.kind));
    const unnamed = times.filter(([path]) => !/(Ms|\.ms|\*)$/.test(path)).map(([path]) => path);
    expect(unnamed).toEqual([]);
    const ofOneThing = times.filter(([, { kind }]) => kind === "durationMs");
    expect(ofOneThing.filter(([path]) => path.endsWith("NodeMs"))).toEqual([]);
  });

  test("that may be null is a single value: lists and records are empty instead", () => {
    const groups = all.filter(([, field]) => !isScalar(field));
    expect(groups.filter(([, field]) => "nullable" in field)).toEqual([]);
  });
});

describe("a figure that fills a member of the document", () => {
  const field = {
    kind: "record",
    title: "Thing",
    meaning: "A thing.",
    fields: {
      at: { kind: "instant", title: "At", meaning: "When." },
      ms: { kind: "durationMs", nullable: true, title: "Time", meaning: "How long." },
      note: { kind: "text", optional: true, title: "Note", meaning: "Why." },
    },
  } as const;

  test("is written as the catalogue says: its members, in order, with instants as text", () => {
    const figure = { note: null, ms: 1, at: 0, inner: "not for the document" };
    expect(JSON.stringify(written(field, figure))).toBe('{"at":"1970-01-01T00:00:00.000Z","ms":1}');
  });

  test("is refused if it lacks a field, not silently left out", () => {
    const lacking = { at: 0 } as unknown as { at: number; ms: null };
    expect(() => written(field, lacking)).toThrow('lacks its field "ms"');
  });
});

/** The view and the request of a random history. */
function random(seed: number) {
  const history = randomHistory(seed);
  const { cluster, asOf = history.length, ...request } = randomRequest(seed, history);
  const events = history.map((event, i) => ({
    ...event,
    sequence: i + 1,
    occurredAt: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
  })) as unknown as RawEvent[];
  return { view: plainClusterViewAt(events, cluster, asOf), request };
}

test("is the same when requested alone as in the whole document", () => {
  for (let seed = 1; seed <= soakRuns(300, 80); seed++) {
    const { view, request } = random(seed);
    try {
      const document = slaDocument(view, request, firstZones);
      for (const name of names) {
        const alone = membersOf(inputsOf(view, request, firstZones), [name]);
        const where = `${name} of seed ${seed}`;
        expect(JSON.stringify(alone[name]), where).toBe(JSON.stringify(document[name]));
      }
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
    }
  }
});

describe("what is folded for a member that is requested alone:", () => {
  const kindsFor = (name: MemberName): string[] => {
    const kinds = new Set<string>();
    let asked = 0;
    for (let seed = 1; asked < 40; seed++) {
      const { view, request } = random(seed);
      try {
        const seen: ClusterView = watched(view, (kind) => kinds.add(kind));
        membersOf(inputsOf(seen, request, firstZones), [name]);
        asked++;
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
      }
    }
    return [...kinds].sort();
  };

  test.each([
    ["period", []],
    ["policy", []],
    ["nis", ["node"]],
    ["mttr", ["node"]],
    ["mtbf", ["node"]],
    ["rollouts", ["nfz", "rollout"]],
    ["nfz", ["nfz"]],
    ["evidence", ["job", "node"]],
  ] as const)("for %s it is %j and nothing else", (name, kinds) => {
    expect(kindsFor(name)).toEqual(kinds);
  });
});
