/** Facts of nodes as integers tell what the plain fold tells, or say that they do not. */
import { describe, expect, test } from "vitest";
import { IntegerFold } from "../../projections/node-integers/fold-integers.ts";
import type { NodeIntegers } from "../../projections/node-integers/node-integers.ts";
import { spanKinds } from "../../projections/node-integers/node-spans.ts";
import type { NodeSpans } from "../../projections/node-integers/node-spans.ts";
import type { NodeTimeline } from "../../projections/nodes/timeline.ts";
import type { ClusterView } from "../../projections/view.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { ordinaryNodes } from "../histories/ordinary-nodes.ts";
import { randomHistory } from "../histories/random-history.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { newPath, started } from "./kept-file.ts";
import { ListStore } from "./list-store.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";

type Span = readonly [kind: number, from: number, to: number];

const byTime = (a: Span, b: Span) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

function spansOf(spans: NodeSpans): Span[] {
  const all = Array.from({ length: spans.length }, (_, i): Span => {
    return [spans.kindAt(i), spans.fromAt(i), spans.toAt(i)];
  });
  return all.sort(byTime);
}

function spansOfTimeline({ memberships, segments, faults }: NodeTimeline): Span[] {
  const { member, repaired, openFault, ...states } = spanKinds;
  const ofStates = [...segments].flatMap(({ state, from, to }): Span[] =>
    state === "in-service" ? [] : [[states[state], from, to]],
  );
  const ofFaults = faults.map(({ outcome, from, to }): Span => {
    // Faults that a decommissioning ended are not told by integers.
    return [{ repaired, open: openFault, censored: Number.NaN }[outcome], from, to];
  });
  const members = memberships.map(({ from, to }): Span => [member, from, to]);
  return [...members, ...ofStates, ...ofFaults].sort(byTime);
}

/** What integers tell of each node of a view; `null` for a node that they do not tell. */
function told(view: ClusterView): Map<string, Span[] | null> {
  const nodes = view.nodesAsIntegers([0, 8.64e15]);
  const found = new Map<string, Span[] | null>();
  const fold = new IntegerFold();
  const take = ({ names, others, ...of }: NodeIntegers) => {
    for (const [i, name] of names.entries())
      found.set(name, fold.fold(of, i) ? spansOf(fold.spans) : null);
    for (const name of others) found.set(name, null);
  };
  for (;;) {
    const batch = nodes === null ? null : stepsAtOnce(nodes.next());
    if (batch === null) return found;
    if ("sums" in batch) throw new Error("there is too little for another thread");
    take(batch);
  }
}

interface Counts {
  /** Nodes of which integers tell all, those among them with a repair, and others. */
  told: number;
  repaired: number;
  notTold: number;
}

/** Compares what integers tell with the plain fold, as of two positions, before a restart and after it. */
async function compare(history: readonly OracleEvent[], name: string): Promise<Counts> {
  const counts = { told: 0, repaired: 0, notTold: 0 };
  const events = storedHistory(history);
  for (const start of ["first", "again"]) {
    const projector = await started(new ListStore(events), newPath(name));
    for (const cluster of ["c1", "c2"]) {
      for (const P of [events.length, events.length >> 1]) {
        const plain = plainClusterViewAt(rawHistory(events), cluster, P);
        for (const [node, spans] of told(projector.model.view(cluster, P))) {
          if (spans === null) {
            counts.notTold++;
            continue;
          }
          const timeline = plain.entity("node", node);
          const where = `${name}, ${start} start, ${cluster} ${node} as of ${P}`;
          expect(spans, where).toEqual(timeline === null ? [] : spansOfTimeline(timeline));
          counts.told++;
          if (spans.some(([kind]) => kind === spanKinds.repaired)) counts.repaired++;
        }
      }
    }
    await projector.stop();
  }
  return counts;
}

describe("facts of nodes as integers tell exactly what the plain fold tells, as of every position and after a restart, or say that they do not,", () => {
  test("of random histories, where most is odd", async () => {
    const all = { told: 0, repaired: 0, notTold: 0 };
    for (let seed = 1; seed <= soakRuns(80, 15); seed++) {
      const history = randomHistory(seed, { maxEvents: 140 });
      const counts = await compare(history, `random-${seed}`);
      all.told += counts.told;
      all.notTold += counts.notTold;
    }
    expect([all.told > 5, all.notTold > 100]).toEqual([true, true]);
  });

  test("of nodes as they mostly are, which integers tell, and of some with something odd", async () => {
    for (const [oddness, least, most] of [
      [0, 0.9, 1],
      [0.02, 0.2, 0.95],
    ] as const) {
      const all = { told: 0, repaired: 0, notTold: 0 };
      for (let seed = 1; seed <= soakRuns(60, 12); seed++) {
        const counts = await compare(ordinaryNodes(seed, oddness), `odd-${oddness}-${seed}`);
        all.told += counts.told;
        all.repaired += counts.repaired;
        all.notTold += counts.notTold;
      }
      const share = all.told / (all.told + all.notTold);
      expect(share, `oddness ${oddness}`).toBeGreaterThanOrEqual(least);
      expect(share, `oddness ${oddness}`).toBeLessThanOrEqual(most);
      expect(all.repaired).toBeGreaterThan(50);
    }
  });
});
