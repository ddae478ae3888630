/** Events of a served ledger: pages of `GET /v1/events`, and the live stream. */
import type { EventJson } from "../../answers/event-json.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { EventChoice, EventPage, EventReader } from "../events/event-reader.ts";
import { ServerRefusal } from "../terminal/server-refusal.ts";
import { isChosen } from "../events/event-reader.ts";
import { UsageError } from "../terminal/terminal.ts";
import { textLines } from "./ingest.ts";
import type { Server } from "./server.ts";
import { pieces, send, sendForJson } from "./server.ts";

/** Time between two attempts to resume a broken stream. */
const retryMs = 2_000;

export function eventsAt(server: Server, say: (line: string) => void): EventReader {
  return {
    head: async () => (await getPage(server, { order: "desc", limit: "1" })).asOf.sequence,
    page: async (choice, page) => (await getPage(server, pageQuery(choice, page))).events,
    follow: (choice, after, signal) => follow(server, choice, { after, signal, say }),
  };
}

interface PageJson {
  readonly asOf: { readonly sequence: number };
  readonly events: readonly EventJson[];
}

async function getPage(server: Server, query: Record<string, string>): Promise<PageJson> {
  const path = `/v1/events?${new URLSearchParams(query).toString()}`;
  return await sendForJson<PageJson>(server, { method: "GET", path });
}

function pageQuery(choice: EventChoice, { after, upTo, limit, order }: EventPage) {
  const { stream, type, cluster, since, until } = choice;
  return {
    ...(stream === undefined ? {} : { stream }),
    ...(type === undefined ? {} : { type }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(since === undefined ? {} : { from: formatInstant(since) }),
    ...(until === undefined ? {} : { to: formatInstant(until) }),
    after: String(after),
    before: String(upTo + 1),
    limit: String(limit),
    order,
  };
}

interface Following {
  readonly after: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Yields events as they arrive; a broken stream is resumed where it broke. Throws the server's refusal, and UsageError
 * if it cannot be reached at first.
 */
async function* follow(
  server: Server,
  choice: EventChoice,
  { after, signal, say }: Following,
): AsyncGenerator<EventJson, void, undefined> {
  let position = after;
  let isConnected = false;
  while (!signal.aborted) {
    let lost = "the server ended the stream";
    try {
      for await (const message of messages(server, streamPath(choice, position), signal)) {
        isConnected = true;
        if (message.event === "cut-off") lost = `the server ended the stream: ${message.data}`;
        if (message.event !== "event") continue;
        const event = JSON.parse(message.data) as EventJson;
        position = event.sequence;
        if (isChosen(choice, event)) yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      const mayPass =
        error instanceof UsageError || (error instanceof ServerRefusal && error.status === 503);
      if (!isConnected || !mayPass) throw error;
      lost = error.message;
    }
    if (signal.aborted) return;
    say(`warning: ${lost}; trying again from sequence ${position}`);
    await pause(retryMs, signal);
  }
}

function streamPath({ type, cluster }: EventChoice, after: number): string {
  const query = new URLSearchParams({
    after: String(after),
    ...(type === undefined ? {} : { type }),
    ...(cluster === undefined ? {} : { cluster }),
  });
  return `/v1/stream?${query.toString()}`;
}

interface Message {
  readonly event: string;
  readonly data: string;
}

/** The messages of an SSE stream (https://html.spec.whatwg.org/multipage/server-sent-events.html), as far as this server uses the format. */
async function* messages(
  server: Server,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Message, void, undefined> {
  const headers = { accept: "text/event-stream" };
  const response = await send(server, { method: "GET", path, headers, signal });
  let event = "message";
  let data: string[] = [];
  for await (const line of textLines(pieces(server, response))) {
    if (line === "") {
      if (data.length > 0) yield { event, data: data.join("\n") };
      [event, data] = ["message", []];
    }
    const colon = line.indexOf(":");
    const [field, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
