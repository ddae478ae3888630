/**
 * The agent of Kubernetes: it lists the nodes, then watches them, and sends what it gets. Where the watch cannot be
 * continued, it lists them again; what the ledger could not take is sent again before anything later.
 */
import { setTimeout as pause } from "node:timers/promises";
import {
  agentHeartbeatMs,
  agentRequestMs,
  agentRetryLeastMs,
  agentRetryMostMs,
  nodesPerPage,
  watchGatherMs,
  watchSeconds,
} from "../limits/agents.ts";
import { type AgentOptions, LedgerDoor, wordsOf } from "./ledger-door.ts";

interface KubernetesAgentOptions extends AgentOptions {
  /** The API server, without a trailing slash. */
  readonly api: string;
  /** The service account's token, read anew for each request, since it is rotated; `null` if none is needed. */
  readonly token: () => Promise<string | null>;
  readonly heartbeatMs?: number;
}

/** The version from which a watch would go on is too old: the nodes have to be listed again. */
class Expired extends Error {}

/** Runs until the signal is aborted. */
export async function runKubernetesAgent(options: KubernetesAgentOptions): Promise<void> {
  const { signal, say, heartbeatMs = agentHeartbeatMs } = options;
  const door = new LedgerDoor(options);
  const beats = setInterval(() => void door.beat(), heartbeatMs);
  let version: string | null = null;
  let waitMs = agentRetryLeastMs;
  while (!signal.aborted) {
    try {
      version ??= await list(options, door);
      version = await watch(options, door, version);
      waitMs = agentRetryLeastMs;
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof Expired) {
        version = null;
        continue;
      }
      say(`the API server cannot be watched: ${wordsOf(error)}`);
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
      waitMs = Math.min(2 * waitMs, agentRetryMostMs);
    }
  }
  clearInterval(beats);
}

async function ask(
  { api, token, signal }: KubernetesAgentOptions,
  query: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Response> {
  const bearer = await token();
  const answer = await fetch(`${api}/api/v1/nodes?${new URLSearchParams(query).toString()}`, {
    headers: {
      accept: "application/json",
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (answer.status === 410) throw new Expired();
  if (answer.ok) return answer;
  throw new Error(`it answers ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
}

/** Sends all nodes, page by page; returns the version from which a watch goes on. */
async function list(options: KubernetesAgentOptions, door: LedgerDoor): Promise<string> {
  let more = "";
  for (;;) {
    const page = more === "" ? {} : { continue: more };
    const answer = await ask(options, { limit: String(nodesPerPage), ...page }, agentRequestMs);
    const text = await answer.text();
    const { metadata = {} } = JSON.parse(text) as {
      readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
    };
    await deliver(options, door, text, "application/json");
    more = metadata.continue ?? "";
    if (more === "") return metadata.resourceVersion ?? "";
  }
}

/** Sends the lines of a watch until it ends; returns the version that it has reached. */
async function watch(
  options: KubernetesAgentOptions,
  door: LedgerDoor,
  from: string,
): Promise<string> {
  const answer = await ask(
    options,
    {
      watch: "1",
      allowWatchBookmarks: "true",
      resourceVersion: from,
      timeoutSeconds: String(watchSeconds),
    },
    watchSeconds * 1_000 + agentRequestMs,
  );
  let version = from;
  let lines: string[] = [];
  const send = async () => {
    const some = lines;
    lines = [];
    if (some.length > 0) await deliver(options, door, some.join("\n"), "application/x-ndjson");
  };
  const reading = linesOf(answer);
  let next = reading.next();
  for (;;) {
    const waited = lines.length > 0 ? watchGatherMs : null;
    const found = waited === null ? await next : await soon(next, waited);
    if (found === null) {
      await send();
      continue;
    }
    if (found.done === true) break;
    const { type, object } = JSON.parse(found.value) as {
      readonly type: string;
      readonly object?: {
        readonly code?: number;
        readonly metadata?: { resourceVersion?: string };
      };
    };
    if (type === "ERROR") {
      await send();
      if (object?.code === 410) throw new Expired();
      throw new Error(`the watch ended: ${found.value.slice(0, 200)}`);
    }
    version = object?.metadata?.resourceVersion ?? version;
    if (type !== "BOOKMARK") lines.push(found.value);
    next = reading.next();
  }
  await send();
  return version;
}

/** `null` if it does not come in time. */
async function soon<T>(wanted: Promise<T>, ms: number): Promise<T | null> {
  const over = new AbortController();
  const late = pause(ms, null, { signal: over.signal }).catch(() => null);
  try {
    return await Promise.race([wanted, late]);
  } finally {
    over.abort();
  }
}

async function* linesOf(answer: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of answer.body ?? []) {
    const pieces = (rest + decoder.decode(part as Uint8Array, { stream: true })).split("\n");
    rest = pieces.pop() ?? "";
    for (const line of pieces) if (line.trim() !== "") yield line;
  }
  if (rest.trim() !== "") yield rest;
}

/** Sends until it is taken or refused: what comes later must not overtake it. */
async function deliver(
  { signal }: KubernetesAgentOptions,
  door: LedgerDoor,
  body: string,
  contentType: string,
): Promise<void> {
  let waitMs = agentRetryLeastMs;
  while (!signal.aborted && (await door.send(body, contentType)) === "later") {
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    waitMs = Math.min(2 * waitMs, agentRetryMostMs);
  }
}
