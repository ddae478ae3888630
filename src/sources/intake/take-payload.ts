/**
 * Takes a payload of a source: what it tells of each node is settled with the node's events as they stand when its turn
 * comes, and appended at exactly that revision. If somebody was faster, it is settled anew.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxSettleAttempts, streamsPerTurn } from "../../limits/sources.ts";
import { agentOf } from "../azure/scheduled-events.ts";
import type { Source } from "../config/sources-file.ts";
import { sourceTag } from "../reconcile/names.ts";
import { nodeTasks } from "../reconcile/node-tasks.ts";
import type { Refused, Seen } from "../reconcile/seen.ts";
import type { Settled, Surroundings, Task } from "../reconcile/task.ts";
import type { CloudRequest } from "../cloudevents/read-cloud-events.ts";
import { nodesOfAgent } from "./nodes-of-agents.ts";
import { see } from "./see.ts";

export interface PayloadMeta {
  /** Who sends it: the name of the key. */
  readonly actor: string;
  /** When a file was written, in milliseconds since the epoch; left out: now. */
  readonly exportedAt?: number | undefined;
  /** How the request carries CloudEvents; left out: as the body's form says. */
  readonly contentType?: string | undefined;
  readonly headers?: CloudRequest["headers"] | undefined;
  /** Append nothing if anything is refused for its form. */
  readonly strict?: boolean | undefined;
}

/** What became of a payload: events in `appended` and `duplicates`, observations (of a file: rows) in the rest. */
export interface Answer {
  observations: number;
  appended: number;
  duplicates: number;
  /** Observations that told nothing new. */
  absorbed: number;
  ignored: number;
  /** Observations that the sender left out. */
  truncated: number;
  readonly refused: Refused[];
  /** What to know about observations that were taken. */
  readonly notes: { readonly path: string; readonly detail: string }[];
}

/** Throws `invalid-request` for a body that is not of the source's form, and when nothing can be appended. */
export async function takePayload(
  ledger: Ledger,
  source: Source,
  body: unknown,
  meta: PayloadMeta,
): Promise<Answer> {
  const nowMs = ledger.nowMs();
  const tag = sourceTag(source);
  const known =
    source.kind === "azure-scheduled-events"
      ? await nodesOfAgent(ledger.store, tag, agentOf(body))
      : [];
  const { exportedAt = nowMs, headers = {} } = meta;
  const contentType = meta.contentType ?? cloudType(body);
  const seen = see(source, body, { nowMs, exportedAt, known, contentType, headers });
  const answer = answerOf(seen);
  if (meta.strict === true && answer.refused.length > 0) return answer;
  const streams = [...byStream([...seen.tasks, ...nodeTasks(source, seen.observations, nowMs)])];
  const intake = { ledger, answer, said: { source: tag, actor: meta.actor } };
  for (let i = 0; i < streams.length; i += streamsPerTurn)
    await takeStreams(intake, streams.slice(i, i + streamsPerTurn));
  return answer;
}

/** A list is a batch; anything else is structured. */
function cloudType(body: unknown): string {
  return Array.isArray(body)
    ? "application/cloudevents-batch+json"
    : "application/cloudevents+json";
}

function answerOf({ total, ignored, absorbed, truncated, refused, notes }: Seen): Answer {
  const none = { appended: 0, duplicates: 0 };
  return { observations: total, ...none, absorbed, ignored, truncated, refused, notes };
}

function byStream(tasks: readonly Task[]): Map<string, Task[]> {
  const streams = new Map<string, Task[]>();
  for (const task of tasks) {
    const list = streams.get(task.stream);
    if (list === undefined) streams.set(task.stream, [task]);
    else list.push(task);
  }
  return streams;
}

interface Intake {
  readonly ledger: Ledger;
  readonly answer: Answer;
  /** What every event of the payload says of itself. */
  readonly said: object;
}

type StreamTasks = readonly [stream: string, tasks: readonly Task[]];

/** One stream's part of a turn. */
interface Part {
  readonly tasks: StreamTasks;
  readonly settled: readonly Settled[];
  readonly inputs: readonly object[];
}

async function takeStreams(intake: Intake, streams: readonly StreamTasks[]): Promise<void> {
  for (const again of await settleStreams(intake, streams, false)) {
    // Each by itself from now on, since the store is read to the end of one stream for certain.
    let left: readonly StreamTasks[] = [again];
    for (let attempt = 2; attempt <= maxSettleAttempts && left.length > 0; attempt++)
      left = await settleStreams(intake, left, attempt === maxSettleAttempts);
  }
}

/** Settles and appends; returns the streams that have to be settled anew. */
async function settleStreams(
  { ledger, answer, said }: Intake,
  streams: readonly StreamTasks[],
  isLast: boolean,
): Promise<StreamTasks[]> {
  const parts: Part[] = [];
  const [first] = at(streams, 0);
  const submissions = await ledger.submitDecided(first, async (P) => {
    const revisions = new Map<string, bigint | null>();
    for (const [stream, tasks] of streams) {
      const events: StoredEvent[] = [];
      for await (const event of ledger.store.readStream(stream)) events.push(event);
      revisions.set(stream, events.at(-1)?.revision ?? null);
      const settled = tasks.map((task) => task.settle(events, surroundings(ledger, P)));
      const inputs = settled
        .flatMap(({ drafts }) => drafts)
        .map((draft) => ({ ...draft, ...said }));
      parts.push({ tasks: [stream, tasks], settled, inputs });
      await nextTurn();
    }
    return { inputs: parts.flatMap(({ inputs }) => inputs), revisions };
  });
  if (parts.length === 0) throw whyNotTaken(submissions);
  const again: StreamTasks[] = [];
  let begin = 0;
  for (const part of parts) {
    const outcomes = submissions.slice(begin, begin + part.inputs.length);
    begin += part.inputs.length;
    if (!isLast && outcomes.some(isOvertaken)) again.push(part.tasks);
    else count(answer, part, outcomes);
  }
  return again;
}

function surroundings(ledger: Ledger, P: number): Surroundings {
  return {
    faultsOf: (cluster, node, from, to) =>
      ledger
        .view(cluster, P)
        .facts("node", node)
        .flatMap((fact) =>
          fact.type === "NodeFailed" && fact.occurredAt >= from && fact.occurredAt <= to
            ? [{ faultId: fact.data.faultId, from: fact.occurredAt }]
            : [],
        ),
  };
}

function isOvertaken(submission: Submission): boolean {
  if (submission.status !== "refused") return false;
  const { code } = submission.error;
  return code === "wrong-expected-revision" || code === "id-conflict";
}

/** Errors that are the ledger's, not the payload's: the sender has to try again. */
const unavailable: ReadonlySet<string> = new Set([
  "store-unavailable",
  "overloaded",
  "not-ready",
  "clock-jumped",
  "read-only",
  "internal",
  "wrong-expected-revision",
  "rebuilding",
  "starting",
  "ledger-file-moved",
  "store-put-back",
]);

function count(answer: Answer, { tasks, settled }: Part, outcomes: readonly Submission[]): void {
  const refused = outcomes.flatMap((each) => (each.status === "refused" ? [each.error] : []));
  const error = refused.find(({ code }) => code !== "part-refused") ?? refused[0];
  if (error !== undefined && unavailable.has(error.code)) throw error;
  for (const { absorbed, duplicates, found } of settled) {
    answer.observations += found;
    answer.absorbed += absorbed;
    answer.duplicates += duplicates;
  }
  for (const { status } of outcomes) {
    if (status === "appended") answer.appended++;
    if (status === "duplicate") answer.duplicates++;
  }
  if (error === undefined) return;
  const [, [task]] = tasks;
  answer.refused.push({ path: task?.path ?? "", code: error.code, detail: error.message });
}

function whyNotTaken(submissions: readonly Submission[]): LedgerError {
  const refusal = submissions.find((each) => each.status === "refused");
  return refusal?.error ?? new LedgerError("internal", "a payload had no turn");
}
