/** Queue, queue history and violations of random histories, as the answers tell them and as an independent count does. */
import { describe, expect, test } from "vitest";
import { queueHistoryAnswer } from "../../../src/answers/rollouts/queue-history.ts";
import { queueAnswer } from "../../../src/answers/rollouts/queue.ts";
import { violationsAnswer } from "../../../src/answers/rollouts/violations.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { randomSource } from "../../histories/random-source.ts";
import { randomRuns } from "../../random-runs.ts";
import { take } from "../../read-model/take.ts";
import { lengthAt, queueOf } from "./queue-oracle.ts";
import { begin, span } from "./random-drafts.ts";
import { randomTold } from "./random-told.ts";
import { type Told, standing } from "./told.ts";
import { violationsOf } from "./violation-oracle.ts";

const minuteMs = 60_000;
const end = begin + (span + 300) * minuteMs;

function stored(told: readonly Told[]): StoredEvent[] {
  return told.map(({ id, type, sequence, at, data, decision, reason }) => ({
    id,
    type,
    sequence,
    occurredAt: at,
    recordedAt: begin + sequence * minuteMs,
    data: type.startsWith("Fact") ? data : { cluster: "c", ...data },
    attribution: {
      ...(decision === undefined ? {} : { decision }),
      ...(reason === undefined ? {} : { reason }),
    },
  })) as unknown as StoredEvent[];
}

/** The reads that answers are made of, over a live model. */
function ledgerOf(told: readonly Told[]): Ledger {
  const events = stored(told);
  const model = new LiveModel();
  take(model, events);
  return {
    view: (cluster: string, sequence?: number) => model.view(cluster, sequence),
    clusters: (sequence?: number) => model.clusters(sequence),
    answer: model.answer.bind(model),
    store: {
      findByIds: async (ids: readonly string[]) => events.filter(({ id }) => ids.includes(id)),
    },
  } as unknown as Ledger;
}

/** Instants at which something changes, and those beside them. */
function instants(told: readonly Told[], seed: number, count: number): number[] {
  const random = randomSource(seed);
  return Array.from({ length: count }, () => random.pick(told).at + random.between(-1, 1));
}

/** 235: maintenance that was decided on a node which the ledger came to know as a member only later. */
const seeds = [...Array.from({ length: randomRuns(120) }, (_, i) => i + 1), 235];
const whole = { limit: 1_000 };

describe("an independent implementation agrees, on random histories, on", () => {
  test("the queue at any instant, as of any position, with what may start when zones end", async () => {
    let rows = 0;
    for (const seed of seeds) {
      const told = randomTold(seed);
      const ledger = ledgerOf(told);
      for (const at of instants(told, seed, 12)) {
        const sequence = at % 2 === 0 ? told.length : Math.ceil(told.length * 0.7);
        const {
          blocked,
          next: _next,
          ...head
        } = await queueAnswer(ledger, { sequence, at }, whole);
        const counted = queueOf(standing(told, sequence), at);
        rows += counted.total;
        const plain = blocked.map(
          ({ cluster: _c, refusedBy: _r, measured: _m, coTest: _t, ...row }) => row,
        );
        expect(
          { ...head, blocked: plain },
          `seed ${seed} at ${new Date(at).toISOString()}`,
        ).toEqual(counted);
      }
    }
    expect(rows).toBeGreaterThan(seeds.length);
  });

  test("the queue's length and the age of its oldest rollout at the end of each step", async () => {
    for (const seed of seeds) {
      const told = randomTold(seed);
      const ledger = ledgerOf(told);
      const asked = { sequence: told.length, from: begin, to: end, stepMs: 97 * minuteMs };
      const { steps } = await queueHistoryAnswer(ledger, asked);
      const facts = standing(told, told.length);
      expect(steps, `seed ${seed}`).toEqual(steps.map(({ at }) => lengthAt(facts, Date.parse(at))));
      expect(steps.at(-1)?.at).toBe(new Date(end).toISOString());
    }
  });

  test("violations of every kind, and whether the ledger saw the zone", async () => {
    const kinds = new Map<string, number>();
    for (const seed of seeds) {
      const told = randomTold(seed);
      const ledger = ledgerOf(told);
      const from = begin + 50 * minuteMs;
      for (const sequence of [told.length, Math.ceil(told.length * 0.8)]) {
        const asked = { sequence, from, to: end };
        const { violations } = await violationsAnswer(ledger, asked, whole);
        const counted = violationsOf(told, sequence, from, end);
        for (const { kind, seen } of counted)
          kinds.set(`${kind} ${seen}`, (kinds.get(`${kind} ${seen}`) ?? 0) + 1);
        const plain = violations.map(({ cluster: _cluster, ...row }) => row);
        expect(plain, `seed ${seed} as of ${sequence}`).toEqual(counted);
      }
    }
    const every = ["start", "resume", "maintenance"].flatMap((kind) => [
      `${kind} true`,
      `${kind} false`,
    ]);
    expect([...kinds.keys()].sort()).toEqual([...every, "progress false"].sort());
  });
});
