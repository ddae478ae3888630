/** Replay in passes says what one plain fold of everything says, however little is kept at a time. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { isSystemEvent } from "../../projections/facts/effective-facts.ts";
import { kindNames } from "../../projections/kinds.ts";
import { clusterOf } from "../../projections/plain-view.ts";
import type { ClusterView } from "../../projections/view.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import type { FigureDifference } from "../../src/reports/restated/difference.ts";
import type { LeafStore } from "../../src/store/leaf-store.ts";
import { isLedgerError } from "../../src/errors.ts";
import { checkedLeaf } from "../../src/tree/leaf.ts";
import { replay } from "../../src/verify/replay.ts";
import type { Replay } from "../../src/verify/replay.ts";
import { documentOf, firstDifference, periodsOf } from "../../src/verify/replay-documents.ts";
import { randomHistory } from "../histories/random-history.ts";
import type { RandomSource } from "../histories/random-source.ts";
import { randomSource } from "../histories/random-source.ts";
import type { OracleData, OracleEvent } from "../oracle/facts/oracle-event.ts";
import { effectiveFacts } from "../projections/effective-facts-at.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "../read-model/stored-history.ts";
import { take } from "../read-model/take.ts";

const inOnePass = { maxWaitingFactBytes: 1e9, maxHeldTimelineBytes: 1e9 };
const sizes = [
  inOnePass,
  // Each fact is a piece of its own in the file, and each document has a pass of its own.
  { maxWaitingFactBytes: 0, maxHeldTimelineBytes: 0 },
  { maxWaitingFactBytes: 2_000, maxHeldTimelineBytes: 20_000 },
];

const begin = Date.parse("2026-03-02T00:00:00Z");
const hourMs = 3_600_000;
const occurrences = (to: string) => [{ from: "2026-03-02T00:00:00.000Z", to }];

/** An entity of each kind, with events an hour apart. */
const everyKind: readonly OracleEvent[] = (
  [
    ["SlaPolicySet", { ...someTerms(), nisTarget: 0.95 }],
    ["NodeCommissioned", { node: "n1" }],
    ["NodeFailed", { node: "n1", faultId: "f1", category: "hardware" }],
    ["NodeReturned", { node: "n1", faultIds: ["f1"] }],
    ["JobStarted", { job: "j1", nodes: ["n1"], from: "start" }],
    ["JobInterrupted", { job: "j1", cause: { kind: "user" } }],
    [
      "NfzDeclared",
      { nfz: "z1", inFlight: "pause", occurrences: occurrences("2026-03-05T00:00:00.000Z") },
    ],
    ["RolloutBlocked", { rollout: "r1", nfzIds: ["z1"] }],
    ["NodeCommissioned", { node: "n2" }],
  ] as const
).map(([type, data], i) => eventOf(i, type, data));

function someTerms(): OracleData {
  return {
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 24,
    excludeUnknown: false,
    zone: "UTC",
  };
}

function eventOf(place: number, type: string, data: OracleData): OracleEvent {
  const at = new Date(begin + place * hourMs).toISOString();
  const id = `00000000-0000-4000-8000-${String(place).padStart(12, "0")}`;
  return { id, type, occurredAt: at, recordedAt: at, data: { cluster: "c1", ...data } };
}

/** The event at a place, otherwise: what the live projections were made from. */
function instead(place: number, change: Partial<OracleEvent>, data: OracleData = {}): OracleEvent {
  const event = everyKind[place];
  if (event === undefined) throw new RangeError(`there is no event ${place}`);
  return { ...event, ...change, data: { ...event.data, ...data } };
}

const later = { occurredAt: "2026-03-02T09:30:00.000Z" };
const planted = [
  { what: "a policy", changed: instead(0, {}, { nisTarget: 0.96 }), figure: /^policy\.nisTarget$/ },
  { what: "a node", changed: instead(3, later), figure: /^nis\./ },
  { what: "a job", changed: instead(5, later), figure: /^jobUptime\./ },
  { what: "a rollout", changed: instead(7, later), figure: /^rollouts\./ },
  {
    what: "a no-fly zone",
    changed: instead(6, {}, { occurrences: occurrences("2026-03-06T00:00:00.000Z") }),
    figure: /^(rollouts|nfz)\b/,
  },
];

/** What one plain fold of all facts says, each document at once. */
function inOneFold(live: Ledger, events: readonly StoredEvent[], P: number): Replay {
  const facts = effectiveFacts(rawHistory(events), P);
  const known = new Set(facts.map(clusterOf).filter((cluster) => cluster !== null));
  const clusters = [...new Set([...known, ...live.clusters(P)])].sort();
  let documents = 0;
  const result = (difference: Replay["difference"]): Replay => {
    return { sequence: P, clusters: clusters.length, documents, difference };
  };
  for (const cluster of clusters) {
    if (!known.has(cluster)) {
      const first = { figure: "known", before: live.view(cluster, P).known, after: false };
      return result({ cluster, where: null, first });
    }
    const times = facts
      .filter((fact) => clusterOf(fact) === cluster && !isSystemEvent(fact.type))
      .map(({ occurredAt }) => occurredAt);
    const plain = plainClusterViewAt(rawHistory(events), cluster, P);
    const periods = periodsOf({ from: Math.min(...times), to: Math.max(...times) });
    for (const period of periods) {
      const document = documentOf(live.view(cluster, P), period);
      const first = firstDifference(document, documentOf(plain, period));
      if (first !== null) return result({ cluster, where: period, first });
      documents++;
    }
    const where = firstOtherEntity(live.view(cluster, P), plain);
    // Of which member of it the two differ is for the tests of differences.
    const first = expect.anything() as FigureDifference;
    if (where !== null) return result({ cluster, where, first });
  }
  return result(null);
}

function firstOtherEntity(live: ClusterView, plain: ClusterView): string | null {
  if (!isDeepStrictEqual([...live.policies], [...plain.policies])) return "cluster";
  for (const kind of kindNames) {
    const names = [...new Set([...live.names(kind), ...plain.names(kind)])].sort();
    const other = names.find(
      (name) => !isDeepStrictEqual(live.entity(kind, name), plain.entity(kind, name)),
    );
    if (other !== undefined) return `${kind} ${other}`;
  }
  return null;
}

/** The live projections of these events; replay asks a ledger for nothing else. */
function liveLedger(events: readonly StoredEvent[]): Ledger {
  const model = new LiveModel({ factsPerState: 2 });
  take(model, events);
  const ledger: Pick<Ledger, "sequence" | "clusters" | "view" | "answer"> = {
    sequence: () => model.sequence,
    clusters: (P) => model.clusters(P),
    view: (cluster, P) => model.view(cluster, P),
    answer: async (cluster, P, make) => model.answer(cluster, P, make),
  };
  return ledger as Ledger;
}

function storeOf(events: readonly StoredEvent[], leaves = events.map(leafOf)): LeafStore {
  const store: Pick<LeafStore, "readLeaves"> = {
    async *readLeaves(after, { upTo = Infinity } = {}) {
      for (let at = after; at < Math.min(upTo, leaves.length); at += 7)
        yield leaves.slice(at, Math.min(at + 7, upTo));
    },
  };
  return store as LeafStore;
}

function leafOf(event: StoredEvent): string {
  const { id, type, schemaVersion, stream, data, attribution } = event;
  const [occurredAt, recordedAt] = [event.occurredAt, event.recordedAt].map((ms) =>
    new Date(ms).toISOString(),
  );
  const place = { stream, revision: Number(event.revision), recordedAt };
  return canonicalJson({ id, type, schemaVersion, occurredAt, data, ...place, ...attribution });
}

/** Random events may contradict themselves: a ledger does not take these. */
function isTaken(event: OracleEvent): boolean {
  const [stored] = storedHistory([event]);
  if (stored === undefined) return false;
  try {
    checkedLeaf(leafOf(stored), 1);
    return true;
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return false;
  }
}

/** As if the live projections had taken one of the events to have happened an hour later. */
function oneMoved(events: readonly StoredEvent[], random: RandomSource): StoredEvent[] {
  const moved = random.below(events.length);
  return events.map((event, i) =>
    i === moved ? { ...event, occurredAt: event.occurredAt + hourMs } : event,
  );
}

describe("replay, in passes of any size,", () => {
  test("finds the first difference that a single fold of everything finds, on random histories with corrections", async () => {
    let [equal, different] = [0, 0];
    for (let seed = 1; seed <= soakRuns(120, 30); seed++) {
      const random = randomSource(seed);
      const events = storedHistory(randomHistory(seed).filter(isTaken));
      if (events.length === 0) continue;
      const live = liveLedger(random.between(0, 2) === 0 ? events : oneMoved(events, random));
      const P = random.pick([events.length, random.between(1, events.length)]);
      const expected = inOneFold(live, events, P);
      for (const each of sizes) {
        const found = await replay(live, storeOf(events), { to: P, sizes: each });
        expect(found, `seed ${seed}, P ${P}`).toEqual(expected);
      }
      if (expected.difference === null) equal++;
      else different++;
    }
    expect(Math.min(equal, different)).toBeGreaterThan(soakRuns(120, 30) / 6);
  });

  test.each(planted)("finds that $what differs", async ({ changed, figure }) => {
    const events = storedHistory(everyKind);
    const others = storedHistory(
      everyKind.map((event) => (event.id === changed.id ? changed : event)),
    );
    const said: Replay[] = [];
    for (const each of sizes) {
      expect((await replay(liveLedger(events), storeOf(events), { sizes: each })).difference).toBe(
        null,
      );
      said.push(await replay(liveLedger(others), storeOf(events), { sizes: each }));
    }
    expect(said[0]?.difference).toMatchObject({ cluster: "c1", where: "2026-03" });
    expect(said[0]?.difference?.first.figure).toMatch(figure);
    for (const each of said) expect(each).toEqual(said[0]);
  });

  test.each([
    ["a node", instead(8, {}, { rack: "x1" }), "node n2", "memberships"],
    ["a no-fly zone", instead(6, {}, { inFlight: "finish" }), "nfz z1", "inFlight"],
  ])(
    "names %s that differs in something that no document shows",
    async (_what, changed, where, member) => {
      const others = everyKind.map((event) => (event.id === changed.id ? changed : event));
      for (const each of sizes) {
        const live = liveLedger(storedHistory(others));
        const found = await replay(live, storeOf(storedHistory(everyKind)), { sizes: each });
        expect(found.documents).toBe(2);
        expect(found.difference).toMatchObject({ cluster: "c1", where });
        expect(found.difference?.first.figure).toContain(member);
      }
    },
  );

  test("names a cluster that only the live projections have", async () => {
    const events = storedHistory(everyKind);
    const [first] = everyKind;
    if (first === undefined) throw new Error("there is a first event");
    const elsewhere = { ...first, data: { ...first.data, cluster: "c0" } };
    const live = liveLedger(storedHistory([elsewhere, ...everyKind.slice(1)]));
    for (const each of sizes) {
      expect((await replay(live, storeOf(events), { sizes: each })).difference).toEqual({
        cluster: "c0",
        where: null,
        first: { figure: "known", before: true, after: false },
      });
    }
  });
});

test("replay names the first event that cannot be read, whatever else is wrong after it", async () => {
  const events = storedHistory(everyKind);
  const leaves = events.map(leafOf);
  leaves[3] = leaves[3]?.replace("{", "{ ") ?? "";
  leaves[5] = `not JSON,"type":"FactCorrected"}`;
  const run = replay(liveLedger(events), storeOf(events, leaves), {});
  await expect(run).rejects.toMatchObject({ code: "corrupt-event", extra: { sequence: 4 } });
});
