/** Node states as a grid, held against the oracle cell by cell on random histories. */
import { describe, expect, test } from "vitest";
import { nodeRowOrders } from "../../../projections/figures/grid/node-rows.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import { gridBytes, gridIndex, nodeStates } from "../../../src/answers/charts/node-states.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { randomRequest } from "../../histories/random-request.ts";
import { randomSource } from "../../histories/random-source.ts";
import { effectiveFacts } from "../../oracle/facts/effective-facts.ts";
import type { OracleEvent } from "../../oracle/facts/oracle-event.ts";
import type { OracleNode } from "../../oracle/figures/node-states.ts";
import { nodesOf, timeInState } from "../../oracle/figures/node-states.ts";
import { soakRuns } from "../../random-runs.ts";
import { storedHistory } from "../../read-model/stored-history.ts";
import { take } from "../../read-model/take.ts";

type Index = ReturnType<typeof gridIndex>;
type GridQuery = Parameters<typeof nodeStates>[1];

/** What a cell should be, from the definition: the worst state that any of the nodes is in, and its share in 31sts. */
function cellByOracle(nodes: readonly OracleNode[], from: number, to: number): string {
  const inState = (state: "down" | "maintenance" | "unknown" | "in service") =>
    nodes.reduce((sum, node) => sum + (from < to ? timeInState(node, state, { from, to }) : 0), 0);
  const times = [
    inState("in service"),
    inState("unknown"),
    inState("maintenance"),
    inState("down"),
  ];
  const memberMs = times.reduce((sum, each) => sum + each, 0);
  if (memberMs === 0) return "4 0";
  const worst = times.findLastIndex((each) => each > 0);
  let share = 1;
  while (BigInt(share) * BigInt(memberMs) < 31n * BigInt(times[worst] ?? 0)) share++;
  return `${worst} ${share}`;
}

function oracleNodes(history: readonly OracleEvent[], cluster: string): OracleNode[] {
  return nodesOf(effectiveFacts(history).filter((fact) => fact.data.cluster === cluster));
}

interface Made {
  readonly index: Index;
  readonly bytes: Uint8Array;
}

function gridOf(history: readonly OracleEvent[], cluster: string, query: GridQuery): Made | null {
  const model = new LiveModel({ factsPerState: 3 });
  take(model, storedHistory(history));
  try {
    const states = stepsAtOnce(nodeStates(model.view(cluster), query));
    return { index: gridIndex(states), bytes: gridBytes(states.grid) };
  } catch (error) {
    if (error instanceof RefusedRequest) return null;
    throw error;
  }
}

describe("the grid of a random history", () => {
  test("has in each cell the worst state of its nodes, and its share, as the oracle finds them", () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= soakRuns(400, 120); seed++) {
      const random = randomSource(seed);
      const history = randomHistory(seed);
      const { cluster, period, zone } = randomRequest(seed, history);
      const query: GridQuery = {
        period,
        zone,
        w: random.between(1, 13),
        h: random.between(1, 4),
        order: random.pick(nodeRowOrders),
      };
      const made = gridOf(history, cluster, query);
      if (made === null) continue;
      const { index, bytes } = made;
      const nodes = new Map(oracleNodes(history, cluster).map((node) => [node.node, node]));
      const [from, to] = [Date.parse(index.from), Date.parse(index.to)];
      const end = Date.parse(index.knownUntil);
      const edge = (i: number) => from + Number((BigInt(i) * BigInt(to - from)) / BigInt(index.w));
      for (const [row, { nodes: names }] of index.rows.entries()) {
        const ofRow = names.flatMap((name) => nodes.get(name) ?? []);
        for (let column = 0; column < index.w; column++) {
          const byte = bytes[24 + row * index.w + column] ?? 0;
          const expected = cellByOracle(ofRow, edge(column), Math.min(edge(column + 1), end));
          const found = `${byte >> 5} ${byte & 31}`;
          expect(found, `seed ${seed}, row ${row}, column ${column}`).toBe(expected);
          seen.set(found, (seen.get(found) ?? 0) + 1);
        }
      }
    }
    const states = [...seen.keys()].map((cell) => cell[0]);
    expect(new Set(states)).toEqual(new Set(["0", "1", "2", "3", "4"]));
    expect(seen.size).toBeGreaterThan(20);
  });

  test("has every member of the window in one row, and the same sums as a grid of one cell", () => {
    for (let seed = 1; seed <= soakRuns(300, 60); seed++) {
      const random = randomSource(seed);
      const history = randomHistory(seed);
      const { cluster, period, zone } = randomRequest(seed, history);
      const order = random.pick(nodeRowOrders);
      const made = gridOf(history, cluster, { period, zone, w: 7, h: random.between(1, 4), order });
      if (made === null) continue;
      const { index } = made;
      const window = { from: Date.parse(index.from), to: Date.parse(index.knownUntil) };
      const members = oracleNodes(history, cluster).filter(({ memberships }) =>
        memberships.some((each) => each.from < window.to && each.to > window.from),
      );
      const names = index.rows.flatMap(({ nodes }) => nodes);
      expect(names.toSorted()).toEqual(members.map(({ node }) => node).toSorted());
      const sum = (member: "downMs" | "maintenanceMs" | "unknownMs" | "inServiceMs") =>
        index.rows.reduce((total, row) => total + row[member], 0);
      const byOracle = (state: "down" | "maintenance" | "unknown" | "in service") =>
        members.reduce((total, node) => total + timeInState(node, state, window), 0);
      expect([sum("downMs"), sum("maintenanceMs"), sum("unknownMs"), sum("inServiceMs")]).toEqual([
        byOracle("down"),
        byOracle("maintenance"),
        byOracle("unknown"),
        byOracle("in service"),
      ]);
    }
  });
});
