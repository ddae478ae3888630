/** Answers of streamed imports that nobody reads: each may wait, all together only so far. */
import { describe, expect, test } from "vitest";
import { LedgerError } from "../../../src/errors.ts";
import type { Submission } from "../../../src/ledger/append/submission.ts";
import { AnswerRoom, IngestAnswer } from "../../../src/http/bodies/ndjson-answer.ts";
import { collect } from "../../contract/sample-events.ts";

/** A hundred kilobytes of answers. */
const error = new LedgerError("invalid-event", "x".repeat(1_000));
const outcomes = Array.from({ length: 100 }, (): Submission => ({
  status: "refused",
  id: null,
  error,
}));
const lines = outcomes.map((_, i) => ({ number: i + 1 }));
const form = { asObject: false, refusedOnly: false };

/** Whether it is still waited for. */
async function isWaiting(work: Promise<void>): Promise<boolean> {
  let isOver = false;
  void work.then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return !isOver;
}

describe("the answer to NDJSON, while the client does not read it,", () => {
  test("lets the import go on as long as there is room for all answers", async () => {
    const answer = new IngestAnswer(form, new AnswerRoom(1_000_000));
    for (let i = 0; i < 5; i++) await answer.write(lines, outcomes);
    answer.end({
      appended: 0,
      duplicates: 0,
      refused: 5,
      lastSequence: null,
      lastLine: 1,
      complete: true,
    });
    const text = Buffer.concat((await collect(answer.stream)) as Buffer[]).toString();
    expect(text.split("\n")).toHaveLength(502);
    expect(text).toContain('"summary"');
  });

  test("makes the import wait if the answers of all imports fill the room, until it is read", async () => {
    const room = new AnswerRoom(250_000);
    const [first, second] = [new IngestAnswer(form, room), new IngestAnswer(form, room)];
    await first.write(lines, outcomes);
    await first.write(lines, outcomes);
    const waiting = second.write(lines, outcomes);
    expect(await isWaiting(waiting)).toBe(true);
    second.stream.resume();
    await waiting;
    const alone = first.write(lines, outcomes);
    expect(await isWaiting(alone)).toBe(true);
    first.stream.destroy();
    await alone;
    expect(room.isFull).toBe(false);
  });
});
