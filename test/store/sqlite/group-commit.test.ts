import { expect, test } from "vitest";
import { maxEventsPerCommit, maxQueuedEvents } from "../../../src/limits/store.ts";
import type { AppendOutcome, StreamAppend } from "../../../src/store/port.ts";
import { GroupCommit } from "../../../src/store/sqlite/group-commit.ts";
import { checkedEvent } from "../../contract/sample-events.ts";

const event = checkedEvent();

function sizedPart(stream: string, events: number): StreamAppend {
  return {
    stream,
    expectedRevision: "no-stream",
    events: Array.from({ length: events }, () => event),
    recordedAt: Array.from({ length: events }, () => 0),
  };
}

/** A commit that notes each group's streams, and answers with the stream's number. */
function recording(): { groups: string[][]; commits: GroupCommit } {
  const groups: string[][] = [];
  const commits = new GroupCommit((parts) => {
    groups.push(parts.map((one) => one.stream));
    return parts.map((one): AppendOutcome => {
      const firstRevision = BigInt(one.stream);
      return { ok: true, position: { firstRevision, sequences: null, duplicate: false } };
    });
  });
  return { groups, commits };
}

test("appends that arrive in one turn go into one commit, and each gets its own answers", async () => {
  const { groups, commits } = recording();
  const answers = await Promise.all([
    commits.append([sizedPart("1", 1), sizedPart("2", 1)]),
    commits.append([]),
    commits.append([sizedPart("3", 1)]),
  ]);
  expect(groups).toEqual([["1", "2", "3"]]);
  const revisions = answers.map((outcomes) =>
    outcomes.map((outcome) => (outcome.ok ? outcome.position.firstRevision : null)),
  );
  expect(revisions).toEqual([[1n, 2n], [], [3n]]);
});

test("a commit is bounded, unless a single call is larger", async () => {
  const { groups, commits } = recording();
  const half = Math.ceil(maxEventsPerCommit / 2) + 1;
  await Promise.all([
    commits.append([sizedPart("1", half)]),
    commits.append([sizedPart("2", half)]),
    commits.append([sizedPart("3", maxEventsPerCommit * 2)]),
    commits.append([sizedPart("4", 1)]),
  ]);
  expect(groups).toEqual([["1"], ["2"], ["3"], ["4"]]);
});

test("a full queue refuses appends, and accepts them again later", async () => {
  const { groups, commits } = recording();
  const first = commits.append([sizedPart("1", maxQueuedEvents)]);
  const second = await commits.append([sizedPart("2", 1)]);
  expect(second).toMatchObject([{ ok: false, error: { code: "store-unavailable" } }]);
  await first;
  expect(await commits.append([sizedPart("3", 1)])).toMatchObject([{ ok: true }]);
  expect(groups).toEqual([["1"], ["3"]]);
});

test("the queue is idle when every accepted append has its answer", async () => {
  const { groups, commits } = recording();
  await commits.idle();
  const pending = Promise.all([
    commits.append([sizedPart("1", maxEventsPerCommit)]),
    commits.append([sizedPart("2", maxEventsPerCommit)]),
  ]);
  await commits.idle();
  expect(groups).toEqual([["1"], ["2"]]);
  await pending;
});
