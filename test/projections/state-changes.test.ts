import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeTimeIn } from "../../projections/nis.ts";
import { FigureTooLarge } from "../../projections/ratio.ts";
import { changeCode } from "../../projections/state-change-chunks.ts";
import { StateChangeIndex, stateChangesOf } from "../../projections/state-changes.ts";
import { randomRuns } from "../random-runs.ts";
import { History, hour, hourMs } from "./history.ts";

const states = ["in-service", "down", "maintenance", "unknown"] as const;
const epoch = Date.parse("2026-03-01T00:00:00Z");

interface Change {
  readonly time: number;
  readonly code: number;
}

/** What the index must say, change by change. */
function scanned(changes: readonly Change[], from: number, to: number): number[] {
  return states.map((_, state) => {
    let nodeMs = 0;
    for (const { time, code } of changes) {
      const weight = (code & 7) === state ? 1 : 0;
      const gone = code >> 3 === state ? 1 : 0;
      nodeMs += (weight - gone) * (Math.max(0, to - time) - Math.max(0, from - time));
    }
    return nodeMs;
  });
}

function asked(index: StateChangeIndex, from: number, to: number): number[] {
  const time = index.nodeTime({ from, to });
  return [time.inServiceNodeMs, time.downNodeMs, time.maintenanceNodeMs, time.unknownNodeMs];
}

const change = fc.record({
  time: fc.integer({ min: 0, max: 5_000_000 }).map((ms) => epoch + ms),
  code: fc
    .tuple(fc.constantFrom(null, ...states), fc.constantFrom(null, ...states))
    .map(([from, to]) => changeCode(from, to)),
});

describe("the index of state changes", () => {
  it("gives the node-time of any window, after insertions and removals in any order", () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 60 }),
        fc.nat(60),
        fc.nat(),
        fc.nat(),
        (changes, kept, a, b) => {
          const index = new StateChangeIndex();
          for (const { time, code } of changes) index.insert(time, code);
          for (const { time, code } of changes.slice(kept)) index.remove(time, code);
          const [from, to] = [epoch + (a % 6_000_000), epoch + (a % 6_000_000) + (b % 6_000_000)];
          expect(index.size).toBe(Math.min(kept, changes.length));
          expect(asked(index, from, to)).toEqual(scanned(changes.slice(0, kept), from, to));
        },
      ),
      { numRuns: randomRuns(200) },
    );
  });

  it("is the same built at once, and by insertion over many chunks and blocks", () => {
    const changes: Change[] = [];
    let seed = 7;
    const next = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    for (let i = 0; i < 150_000; i++) {
      changes.push({
        time: epoch + next(40_000),
        code: changeCode(states[next(4)] ?? null, states[next(4)] ?? null),
      });
    }
    const sorted = changes.toSorted((x, y) => x.time - y.time);
    const built = new StateChangeIndex(
      sorted.map((each) => each.time),
      sorted.map((each) => each.code),
    );
    const inserted = new StateChangeIndex();
    for (const { time, code } of changes) inserted.insert(time, code);
    for (const { time, code } of changes.slice(0, 1_000)) {
      built.remove(time, code);
      built.insert(time, code);
    }
    for (let i = 0; i < 20; i++) {
      const from = epoch + next(40_000);
      const to = from + next(40_000);
      const expected = scanned(changes, from, to);
      expect(asked(built, from, to)).toEqual(expected);
      expect(asked(inserted, from, to)).toEqual(expected);
    }
  });

  it("says what the timelines say", () => {
    const history = new History();
    history.add("NodeCommissioned", 0, { node: "a" });
    history.add("NodeFailed", 3, { node: "a", faultId: "f", category: "unknown" });
    history.add("NodeReturned", 5, { node: "a", faultIds: ["f"] });
    history.add("NodeDecommissioned", 8, { node: "a" });
    history.add("NodeCommissioned", 8, { node: "a" });
    history.add("NodeObservationLost", 9, { node: "a" });
    const nodes = [...history.view().nodes()];
    const index = new StateChangeIndex();
    for (const { times, codes } of nodes.map(stateChangesOf))
      times.forEach((time, i) => index.insert(time, codes[i] ?? 0));
    for (const [from, to] of [
      [0, 20],
      [4, 8.5],
      [-5, 3],
    ] as const) {
      const window = { from: hour(from), to: hour(to) };
      expect(index.nodeTime(window)).toEqual(nodeTimeIn(nodes, window));
    }
    expect(index.nodeTime({ from: hour(0), to: hour(20) }).downNodeMs).toBe(2 * hourMs);
  });

  it("throws rather than give node-time past 2^53 - 1", () => {
    const index = new StateChangeIndex();
    for (let i = 0; i < 100; i++) index.insert(0, changeCode(null, "in-service"));
    expect(index.nodeTime({ from: 0, to: 90_000_000_000_000 }).inServiceNodeMs).toBe(
      9_000_000_000_000_000,
    );
    expect(() => index.nodeTime({ from: 0, to: 91_000_000_000_000 })).toThrow(FigureTooLarge);
  });

  it("refuses to take out what is not there", () => {
    const index = new StateChangeIndex();
    index.insert(5, changeCode(null, "down"));
    expect(() => index.remove(5, changeCode(null, "in-service"))).toThrow(RangeError);
    expect(() => index.remove(6, changeCode(null, "down"))).toThrow(RangeError);
  });
});
