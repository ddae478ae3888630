/**
 * The agent of Azure Scheduled Events, which runs on every virtual machine: it asks the machine's own metadata service
 * and sends the document as it is when it changes. It keeps no state, and approves nothing unless it is told to.
 */
import { setTimeout as pause } from "node:timers/promises";
import { agentHeartbeatMs, agentRequestMs, metadataIntervalMs } from "../limits/agents.ts";
import { type AgentOptions, LedgerDoor, wordsOf } from "./ledger-door.ts";

interface AzureAgentOptions extends AgentOptions {
  /** The metadata service; another one in tests. */
  readonly metadata: string;
  /** The machine's name; `null`: as the metadata service says. */
  readonly name: string | null;
  /** Whether events that a user has asked for may begin at once. */
  readonly approvesUsers: boolean;
  readonly nowMs: () => number;
  readonly intervalMs?: number;
}

interface Document {
  readonly DocumentIncarnation?: unknown;
  readonly Events?: readonly {
    readonly EventId?: unknown;
    readonly EventStatus?: unknown;
    readonly EventSource?: unknown;
  }[];
}

const eventsPath = "/metadata/scheduledevents?api-version=2020-07-01";
const namePath = "/metadata/instance/compute/name?api-version=2021-02-01&format=text";

/** Runs until the signal is aborted. */
export async function runAzureAgent(options: AzureAgentOptions): Promise<void> {
  const { signal, say, nowMs, intervalMs = metadataIntervalMs } = options;
  const door = new LedgerDoor(options);
  let name = options.name;
  let sent: string | null = null;
  let sentAt = 0;
  let hasFailed = false;
  while (!signal.aborted) {
    try {
      name ??= (await ask(options, namePath)).trim();
      const text = await ask(options, eventsPath);
      const document = JSON.parse(text) as Document;
      hasFailed = false;
      const incarnation = JSON.stringify(document.DocumentIncarnation ?? text);
      const isNews = incarnation !== sent;
      const observed = nowMs();
      if (isNews || observed - sentAt >= agentHeartbeatMs) {
        const observedAt = new Date(observed).toISOString();
        const body = JSON.stringify({ agent: name, observedAt, document });
        // What is refused would be refused again; what could not be taken is told at the next turn, as it is then.
        const delivery = await door.send(body, "application/json");
        if (delivery !== "later") {
          sent = incarnation;
          sentAt = observed;
        }
      }
      if (options.approvesUsers) await approve(options, document);
    } catch (error) {
      if (!signal.aborted && !hasFailed)
        say(`the metadata service cannot be asked: ${wordsOf(error)}`);
      hasFailed = true;
    }
    await pause(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function ask({ metadata, signal }: AzureAgentOptions, path: string): Promise<string> {
  const answer = await fetch(`${metadata}${path}`, {
    headers: { metadata: "true" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(agentRequestMs)]),
  });
  const text = await answer.text();
  if (answer.ok) return text;
  throw new Error(`it answers ${answer.status}: ${text.slice(0, 200)}`);
}

/** Lets events begin that a user has asked for, such as a restart in the portal. */
async function approve(options: AzureAgentOptions, { Events = [] }: Document): Promise<void> {
  const waiting = Events.filter(
    ({ EventStatus, EventSource }) => EventStatus === "Scheduled" && EventSource === "User",
  );
  if (waiting.length === 0) return;
  const { metadata, signal } = options;
  const answer = await fetch(`${metadata}${eventsPath}`, {
    method: "POST",
    headers: { metadata: "true", "content-type": "application/json" },
    body: JSON.stringify({ StartRequests: waiting.map(({ EventId }) => ({ EventId })) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(agentRequestMs)]),
  });
  if (!answer.ok) throw new Error(`approving is answered ${answer.status}`);
}
