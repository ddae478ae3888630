/**
 * Takes a payload of a source: what it tells of each node is settled with the node's events as they stand when its turn
 * comes, and appended at exactly that revision. If somebody was faster, it is settled anew.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { streamsPerTurn } from "../../limits/sources.ts";
import { type NamedNode, agentOf } from "../azure/scheduled-events.ts";
import type { CloudRequest } from "../cloudevents/read-cloud-events.ts";
import type { Source } from "../config/sources-file.ts";
import type { Draft } from "../reconcile/drafts.ts";
import { sourceTag } from "../reconcile/names.ts";
import { nodeTasks } from "../reconcile/node-tasks.ts";
import type { Surroundings, Task } from "../reconcile/task.ts";
import { type Answer, answerOf, countOutcome, countSettled, refuseStream } from "./answer.ts";
import type { KnownPlace } from "../outages/see-outages.ts";
import { placesOfRows } from "./places-of-rows.ts";
import { nodesOfAgent } from "./nodes-of-agents.ts";
import { type StreamTasks, eventsOf, roundsOf, surroundings } from "./rounds.ts";
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

/** Throws `invalid-request` for a body that is not of the source's form, and when nothing can be appended. */
export async function takePayload(
  ledger: Ledger,
  source: Source,
  body: unknown,
  meta: PayloadMeta,
): Promise<Answer> {
  const standing = standingOf(ledger);
  const { answer, streams } = await seePayload(standing, source, body, meta);
  if (meta.strict === true) {
    const foreseen = await foresee(standing, { ...answer, refused: [...answer.refused] }, streams);
    if (foreseen.answer.refused.length > 0) return foreseen.answer;
  }
  const rounds = roundsOf(ledger);
  for (let i = 0; i < streams.length; i += streamsPerTurn) {
    const some = streams.slice(i, i + streamsPerTurn);
    const outcomes = await Promise.all(some.map((each) => rounds.settle(each)));
    for (const [k, each] of some.entries()) {
      const outcome = outcomes[k];
      if (outcome !== undefined) countOutcome(answer, each, outcome);
    }
  }
  return answer;
}

/** The ledger that a payload is seen and settled against, when nothing is appended. */
export interface Standing {
  readonly nowMs: number;
  nodesOfAgent(tag: string, agent: string): Promise<readonly NamedNode[]>;
  placesOfRows(tag: string, name: string): Promise<ReadonlyMap<string, readonly KnownPlace[]>>;
  eventsOf(stream: string): Promise<readonly StoredEvent[]>;
  refusalsOf(inputs: readonly object[]): Promise<ReadonlyMap<number, LedgerError>>;
  readonly surroundings: Surroundings;
}

export function standingOf(ledger: Ledger): Standing {
  return {
    nowMs: ledger.nowMs(),
    nodesOfAgent: (tag, agent) => nodesOfAgent(ledger.store, tag, agent),
    placesOfRows: (tag, name) => placesOfRows(ledger.store, tag, name),
    eventsOf: (stream) => eventsOf(ledger, stream),
    refusalsOf: (inputs) => ledger.refusalsOf(inputs),
    surroundings: surroundings(ledger, ledger.sequence()),
  };
}

/** A ledger that knows nothing yet. */
export function standingOfNothing(nowMs: number): Standing {
  const none = async () => [];
  return {
    nowMs,
    nodesOfAgent: none,
    placesOfRows: async () => new Map(),
    eventsOf: none,
    refusalsOf: async () => new Map(),
    surroundings: { faultsOf: () => [] },
  };
}

/** What a payload would become, and the events. */
export interface Preview {
  readonly answer: Answer;
  readonly events: readonly Draft[];
}

/** What a payload would become; nothing is appended. */
export async function previewPayload(
  standing: Standing,
  source: Source,
  body: unknown,
  meta: PayloadMeta,
): Promise<Preview> {
  const { answer, streams } = await seePayload(standing, source, body, meta);
  return await foresee(standing, answer, streams);
}

/** Adds what would become of the streams to the answer. */
async function foresee(
  standing: Standing,
  answer: Answer,
  streams: readonly StreamTasks[],
): Promise<Preview> {
  const events: Draft[] = [];
  for (const { stream, tasks, said } of streams) {
    const known = await standing.eventsOf(stream);
    const settled = tasks.map((task) => task.settle(known, standing.surroundings));
    countSettled(answer, settled);
    const drafts = settled.flatMap((each) => each.drafts);
    const refusals = await standing.refusalsOf(drafts.map((draft) => ({ ...draft, ...said })));
    const [error] = refusals.values();
    if (error !== undefined) refuseStream(answer, tasks, error);
    else for (const draft of drafts) events.push(draft);
    await nextTurn();
  }
  return { answer, events };
}

async function seePayload(
  standing: Pick<Standing, "nowMs" | "nodesOfAgent" | "placesOfRows">,
  source: Source,
  body: unknown,
  meta: PayloadMeta,
): Promise<{ readonly answer: Answer; readonly streams: readonly StreamTasks[] }> {
  const { nowMs } = standing;
  const { headers = {} } = meta;
  // A file of the future would count as later than every file until then.
  const exportedAt = Math.min(meta.exportedAt ?? nowMs, nowMs);
  const tag = sourceTag(source);
  const known =
    source.kind === "azure-scheduled-events" ? await standing.nodesOfAgent(tag, agentOf(body)) : [];
  const places =
    source.kind === "csv" ? await standing.placesOfRows(tag, source.name) : new Map<string, []>();
  const contentType = meta.contentType ?? cloudType(body);
  const seen = see(source, body, { nowMs, exportedAt, known, places, contentType, headers });
  const said = { source: tag, actor: meta.actor };
  const streams = byStream([...seen.tasks, ...nodeTasks(source, seen.observations, nowMs)]);
  return {
    answer: answerOf(seen),
    streams: [...streams].map(([stream, tasks]) => ({ stream, tasks, said })),
  };
}

/** A list is a batch; anything else is structured. */
function cloudType(body: unknown): string {
  return Array.isArray(body)
    ? "application/cloudevents-batch+json"
    : "application/cloudevents+json";
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
