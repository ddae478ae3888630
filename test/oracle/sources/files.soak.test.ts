/** Files that grow, shrink and change, against the rows as the latest file that has them tells them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { nodeTasks } from "../../../src/sources/reconcile/node-tasks.ts";
import { seeNodeEvents } from "../../../src/sources/slurm/slurm-events.ts";
import { soakRuns } from "../../random-runs.ts";
import { OneNode, epoch, second } from "./one-node.ts";

/** A row as one file has it: its state, and whether it is there at all. */
interface Row {
  readonly from: number;
  readonly to: number | null;
  readonly state: string;
}

const states = ["DOWN", "DRAIN", "MAINT", "IDLE"];

/** Rows of one node; each begins where the one before it ends, or later. */
const rows = fc
  .array(fc.tuple(fc.constantFrom(0, 0, 0, 2), fc.integer({ min: 1, max: 4 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list) => {
    let at = 0;
    return list.map(([gap, length]) => {
      const from = at + gap;
      at = from + length;
      return { from, to: at };
    });
  });

/** For each file: the first row that it has, the last one, and the state of each row in it; whether the last one lasts. */
const files = fc.array(
  fc.record({
    first: fc.nat(4),
    last: fc.nat(4),
    states: fc.array(fc.constantFrom(...states), { minLength: 5, maxLength: 5 }),
    lasts: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

interface Shape {
  readonly first: number;
  readonly last: number;
  readonly states: readonly string[];
  readonly lasts: boolean;
}

function rowsIn(all: readonly { from: number; to: number }[], file: Shape): Row[] {
  const last = Math.min(file.last, all.length - 1);
  return all.slice(file.first, last + 1).map(({ from, to }, i) => ({
    from,
    to: file.lasts && file.first + i === all.length - 1 ? null : to,
    state: file.states[file.first + i] ?? "DOWN",
  }));
}

function kindOf(state: string): string | null {
  if (state === "IDLE") return null;
  return state === "MAINT" ? "maintenance" : "fault";
}

/** Rows that touch and are of one kind, as one. */
function spellsOf(told: readonly Row[], kind: string) {
  const made: { from: number; to: number | null }[] = [];
  for (const row of [...told].sort((a, b) => a.from - b.from)) {
    if (kindOf(row.state) !== kind) continue;
    const last = made.at(-1);
    if (last !== undefined && last.to === row.from) last.to = row.to;
    else made.push({ from: row.from, to: row.to });
  }
  return made;
}

const {
  sources: [source],
} = readSources({
  sources: [
    { name: "src", kind: "slurm-events", cluster: "{Cluster}", node: "{NodeName}", zone: "UTC" },
  ],
});
if (source?.kind !== "slurm-events") throw new Error("no source");

function tell(node: OneNode, list: readonly Row[], written: number): void {
  if (source?.kind !== "slurm-events") return;
  const text = (at: number | null) =>
    at === null ? "Unknown" : formatInstant(epoch + at * second).slice(0, 19);
  const lines = list.map(({ from, to, state }) => `alpha|n1|${text(from)}|${text(to)}|${state}||`);
  const body = ["Cluster|NodeName|TimeStart|TimeEnd|State|Reason|User", ...lines].join("\n");
  const nowMs = epoch + 90 * 86_400_000;
  const seen = seeNodeEvents(source, body, { nowMs, exportedAt: epoch + (100 + written) * second });
  expect(seen.refused).toEqual([]);
  node.run(nodeTasks(source, seen.observations, nowMs));
}

/** Tells the files one after another, some of them again: the spells after each, and those that the rows give. */
function spellsAfterEach(
  all: readonly { from: number; to: number }[],
  shapes: readonly Shape[],
  again: readonly number[],
) {
  const node = new OneNode("slurm-events");
  const told = new Map<number, Row>();
  const found: object[] = [];
  const wanted: object[] = [];
  const contents = shapes.map((shape) => rowsIn(all, shape));
  for (const [i, content] of contents.entries()) {
    tell(node, content, i);
    for (const row of content) told.set(row.from, row);
    const older = again[i];
    if (older !== undefined && older <= i) tell(node, contents[older] ?? [], older);
    for (const kind of ["fault", "maintenance"]) {
      found.push(node.spells(kind));
      wanted.push(spellsOf([...told.values()], kind));
    }
  }
  return { found, wanted };
}

/** A later file has at least the rows at the end that an earlier one has: sacctmgr tells of all up to now. */
function growing(shapes: readonly Shape[], fixed?: readonly string[]): Shape[] {
  return shapes.map((shape, i) => ({
    ...shape,
    last: Math.max(...shapes.slice(0, i + 1).map(({ last }) => last)),
    states: fixed ?? shape.states,
  }));
}

const again = fc.array(fc.nat(3), { maxLength: 4 });
const runs = { numRuns: soakRuns(20_000, 1_500) };

describe("files of Slurm's events", () => {
  test("may begin anywhere, and older ones may come again: what a file lacks says nothing", () => {
    fc.assert(
      fc.property(rows, files, again, (all, shapes, older) => {
        const fixed = growing(shapes, shapes[0]?.states ?? []);
        const { found, wanted } = spellsAfterEach(all, fixed, older);
        expect(found).toEqual(wanted);
      }),
      runs,
    );
  });

  test("tell again that a row lasts that was something else meanwhile, and over then", () => {
    const all = [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ];
    const shape = (lasts: boolean, ...of: string[]): Shape => ({
      first: 0,
      last: 1,
      states: of,
      lasts,
    });
    const shapes = [
      shape(true, "DOWN", "DOWN"),
      shape(false, "IDLE", "DOWN"),
      shape(false, "DOWN", "DOWN"),
      shape(true, "DOWN", "DOWN"),
    ];
    const { found, wanted } = spellsAfterEach(all, shapes, []);
    expect(found).toEqual(wanted);
  });

  test("tell that a row is over, not over, and over again, whose end another row had moved", () => {
    const all = [0, 1, 2, 3].map((from) => ({ from, to: from + 1 }));
    const told = [
      ["DOWN", "IDLE", "DOWN", "IDLE"],
      ["IDLE", "DOWN", "DOWN", "DOWN"],
      ["DOWN", "MAINT", "DOWN", "DOWN"],
      ["DOWN", "IDLE", "DOWN", "IDLE"],
    ];
    const shapes = told.map((of, i) => ({ first: 0, last: 3, states: of, lasts: i === 2 }));
    const { found, wanted } = spellsAfterEach(all, shapes, []);
    expect(found).toEqual(wanted);
  });

  test("may tell other states of rows that were told before: the latest file counts", () => {
    fc.assert(
      fc.property(rows, files, again, (all, shapes, older) => {
        const whole = growing(shapes).map((shape) => ({ ...shape, first: 0 }));
        const { found, wanted } = spellsAfterEach(all, whole, older);
        expect(found).toEqual(wanted);
      }),
      runs,
    );
  });
});
