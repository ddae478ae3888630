import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ingestNdjson } from "../../../src/http/bodies/ndjson-ingest.ts";
import type { Submission } from "../../../src/ledger/append/submission.ts";
import { linesPerChunk } from "../../../src/limits/requests.ts";

const taken = (): Submission =>
  ({
    status: "appended",
    id: "",
    stream: "node-alpha:n1",
    revision: 0n,
    sequence: 1,
    findings: [],
  }) as unknown as Submission;

/** A ledger that notes how many events each append has, and answers when it is let. */
function slowLedger() {
  const appends: number[] = [];
  const answers: (() => void)[] = [];
  return {
    appends,
    answer: () => answers.shift()?.(),
    ledger: {
      submit: (inputs: readonly unknown[]) =>
        new Promise<readonly Submission[]>((resolve) => {
          appends.push(inputs.length);
          answers.push(() => resolve(inputs.map(taken)));
        }),
    },
  };
}

/** A sender that sends what it is told, and keeps still meanwhile. */
function sender() {
  const sent: (string | null)[] = [];
  let wake: () => void = () => undefined;
  return {
    send: (...texts: (string | null)[]) => {
      sent.push(...texts);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = sent.shift();
        if (next === null) return;
        if (next !== undefined) yield Buffer.from(next);
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}

const answer = { write: async () => undefined };
const never = new AbortController().signal;
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
};

describe("a streamed import", () => {
  it("appends what a slow sender has sent, without waiting for more", async () => {
    const { ledger, appends, answer: answered } = slowLedger();
    const from = sender();
    const done = ingestNdjson(ledger, from, answer, never);
    from.send("{}\n{}\n");
    await settled();
    expect(appends).toEqual([2]);
    answered();
    from.send("{}\n", null);
    await settled();
    answered();
    expect(await done).toMatchObject({ appended: 3, complete: true });
  });

  it("appends what came meanwhile once an append is answered, although the sender keeps still", async () => {
    const { ledger, appends, answer: answered } = slowLedger();
    const from = sender();
    const done = ingestNdjson(ledger, from, answer, never);
    from.send("{}\n");
    await settled();
    from.send("{}\n{}\n{}\n");
    await settled();
    expect(appends).toEqual([1]);
    answered();
    await settled();
    expect(appends).toEqual([1, 3]);
    answered();
    from.send(null);
    expect(await done).toMatchObject({ appended: 4, complete: true });
  });

  it("fills its appends while a fast sender sends small pieces", async () => {
    const { ledger, appends, answer: answered } = slowLedger();
    const from = sender();
    const pieces = Array.from({ length: linesPerChunk / 10 }, () => "{}\n".repeat(20));
    from.send(...pieces, null);
    const done = ingestNdjson(ledger, from, answer, never);
    while (appends.length < 2) await nextTurn();
    expect(appends).toEqual([linesPerChunk, linesPerChunk]);
    answered();
    answered();
    await done;
  });

  it("tells of a sender that broke off, after what it has sent", async () => {
    const { ledger, appends, answer: answered } = slowLedger();
    async function* broken() {
      yield Buffer.from("{}\n");
      await nextTurn();
      await nextTurn();
      throw new Error("gone");
    }
    const done = ingestNdjson(ledger, broken(), answer, never);
    await settled();
    expect(appends).toEqual([1]);
    answered();
    expect(await done).toMatchObject({ appended: 1, complete: false });
  });
});
