/** `GET /v1/stream`: events as the views receive them, by Server-Sent Events. */
import { z } from "zod";
import type { EventType } from "../../../events/catalogue.ts";
import { eventTypes } from "../../../events/catalogue.ts";
import { LedgerError, isLedgerError } from "../../../errors.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { leastStreamPage, mostStreamPage } from "../../../limits/clients.ts";
import type { ApiContext, LedgerPart } from "../context.ts";
import type { Api, ApiReply, ApiRequest } from "../../server/api.ts";
import { reachStart } from "../../query/position.ts";
import { eventJson } from "../../../answers/event-json.ts";
import { cluster, wholeNumber } from "../../query/query.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import type { Reader } from "../../server/stream-readers.ts";

/** If only positions are sent, at most one is sent in this time. */
const positionIntervalMs = 250;

const query = z.strictObject({
  after: wholeNumber(
    0,
    Number.MAX_SAFE_INTEGER,
    "Start after this sequence. A sequence past the head is an error. Default: after the last one. Last-Event-ID takes precedence.",
  ).optional(),
  cluster: cluster.optional().describe("Only events that name this cluster."),
  type: z.enum(eventTypes).optional().describe("Only events of this type."),
  only: z
    .literal("positions")
    .optional()
    .describe("Send only how far the views have come, without the events."),
});

type StreamQuery = z.output<typeof query>;

export function streamRoutes(app: Api, context: ApiContext): void {
  app.get(
    "/v1/stream",
    {
      sse: { kind: "manual" },
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: {
        operationId: "streamEvents",
        summary: "Events as they happen (Server-Sent Events)",
        tags: ["events"],
        description:
          "Each event is a message of type `event`, with its sequence as `id`; a client resumes after `Last-Event-ID`. A comment is sent every 15 s to keep the connection alive. A client that does not read is disconnected: a message of type `cut-off` says why, and the stream ends.",
        querystring: query,
        response: documented({
          200: {
            description: "The stream.",
            content: { "text/event-stream": { schema: z.string() } },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { accept } = request.headers;
      if (accept !== undefined && !/text\/(event-stream|\*)|\*\/\*/.test(accept)) {
        throw new LedgerError("not-acceptable", "This address returns text/event-stream only.");
      }
      const { after, pointer } = firstPosition(request, context);
      await reachStart(context.ledger, after, pointer, app.readWaitMs);
      reply.sse.sendHeaders();
      await follow(context, request.query, after, reply);
    },
  );
}

/** The sequence after which the stream begins, and a pointer to where the request says so. */
function firstPosition(
  request: ApiRequest,
  { ledger }: ApiContext,
): { readonly after: number; readonly pointer: string } {
  const lastEventId = request.headers["last-event-id"];
  if (lastEventId === undefined || lastEventId === "") {
    const { after = ledger.sequence() } = request.query as StreamQuery;
    return { after, pointer: "/query/after" };
  }
  const pointer = "/header/last-event-id";
  const text = String(lastEventId);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) {
    return { after: Number(text), pointer };
  }
  throw new LedgerError("invalid-request", "Last-Event-ID is not an id of this stream.", {
    errors: [{ path: pointer, message: "must be a sequence" }],
  });
}

/** Sends until the client disconnects or is disconnected, or the server stops. */
async function follow(
  { ledger, part, readers, stopping }: ApiContext,
  filter: StreamQuery,
  after: number,
  reply: ApiReply,
): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort(new LedgerError("client-gone", "The stream has ended."));
  reply.sse.onClose(end);
  stopping.addEventListener("abort", end);
  const output = { raw: reply.raw, end: () => reply.sse.close() };
  const reader = readers.open(output, over.signal);
  const bell = makeBell();
  over.signal.addEventListener("abort", bell.ring);
  if (stopping.aborted) end();
  const stop = ledger.onProjected(bell.ring);
  const send =
    filter.only === undefined
      ? eventSender(ledger, filter, reader, over.signal)
      : positionSender(ledger, part, reader, over.signal);
  try {
    reader.send({ event: "position", data: { sequence: ledger.sequence() }, retry: 2_000 });
    for (let position = after; !reader.isOver; await bell.rung()) {
      position = await send(position);
    }
  } catch (error) {
    // A search was still running when the stream ended.
    if (!isLedgerError(error, "client-gone")) throw error;
  } finally {
    stop();
    stopping.removeEventListener("abort", end);
  }
}

type Sender = (from: number) => Promise<number>;

/** Sends the events after a position; returns the position that it has reached. */
function eventSender(
  ledger: Ledger,
  { cluster: name, type }: StreamQuery,
  reader: Reader,
  signal: AbortSignal,
): Sender {
  let pageSize = leastStreamPage;
  return async (from) => {
    let position = from;
    const upTo = ledger.sequence();
    while (position < upTo && !reader.isOver) {
      await reader.turn();
      const events = await ledger.store.query({
        ...(name === undefined ? {} : { cluster: name }),
        ...(type === undefined ? {} : { type }),
        after: position,
        upTo,
        limit: pageSize,
        signal,
      });
      const sent = sendWhileTaken(events, reader);
      position =
        sent === events.length && sent < pageSize ? upTo : (events[sent - 1]?.sequence ?? position);
      // Events that the reader is not ready for are read again later, not held for it.
      pageSize = Math.min(Math.max(2 * sent, leastStreamPage), mostStreamPage);
      await reader.ready();
    }
    return Math.max(position, upTo);
  };
}

/** Sends events until the reader must be waited for; returns how many. */
function sendWhileTaken(events: readonly StoredEvent[], reader: Reader): number {
  let sent = 0;
  for (const event of events) {
    if (reader.isOver) return sent;
    sent++;
    if (!reader.send({ id: String(event.sequence), event: "event", data: eventJson(event) })) break;
  }
  return sent;
}

const everyType: ReadonlySet<EventType> = new Set(eventTypes);

/** To a reader of some clusters, a position says that something came there: when others do something is theirs (ADR 110). */
function positionSender(
  ledger: Ledger,
  part: LedgerPart | null,
  reader: Reader,
  over: AbortSignal,
): Sender {
  const isOfSome = (part?.clusters ?? null) !== null;
  return async (from) => {
    const sequence = ledger.sequence();
    if (sequence <= from) return from;
    if (isOfSome && ledger.eventsOf(everyType, from, sequence).length === 0) return sequence;
    reader.send({ id: String(sequence), event: "position", data: { sequence } });
    await reader.ready();
    await pause(positionIntervalMs, over);
    return sequence;
  };
}

/** Resolves after `ms`, or when `over` is aborted; leaves no timer or listener behind. */
function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms).unref();
    over.addEventListener("abort", end);
    function end(): void {
      clearTimeout(timer);
      over.removeEventListener("abort", end);
      resolve();
    }
  });
}

/** A signal that is remembered if it is given while nobody waits. */
function makeBell(): { ring: () => void; rung: () => Promise<void> } {
  let hasRung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      hasRung = true;
      wake?.();
    },
    rung: async () => {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasRung = false;
    },
  };
}
