/** `GET /v1/stream`: events as the views take them in, by Server-Sent Events. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { eventTypes } from "../../events/catalogue.ts";
import { LedgerError } from "../../errors.ts";
import { maxPageSize } from "../../limits.ts";
import type { Api, ApiContext, ApiReply, ApiRequest } from "../context.ts";
import { reachStart } from "../position.ts";
import { eventJson } from "../event-json.ts";
import { cluster, wholeNumber } from "../query.ts";
import { documented, problemAnswers } from "../schemas/answer.ts";

/** Where only the position is told, it is told no more often than this. */
const positionIntervalMs = 250;

const query = z.strictObject({
  after: wholeNumber(
    0,
    Number.MAX_SAFE_INTEGER,
    "Begins after this sequence, which is an error past the head; left out: after the last one. Last-Event-ID wins over it.",
  ).optional(),
  cluster: cluster.optional().describe("Only events that name this cluster."),
  type: z.enum(eventTypes).optional().describe("Only events of this type."),
  only: z
    .literal("positions")
    .optional()
    .describe("Tells how far the views are, without the events."),
});

type StreamQuery = z.output<typeof query>;

export function streamRoutes(app: Api, context: ApiContext): void {
  app.get(
    "/v1/stream",
    {
      sse: { kind: "manual" },
      exposeHeadRoute: false,
      schema: {
        summary: "Events as they happen (Server-Sent Events)",
        tags: ["events"],
        description:
          "A message of the type `event` an event, its `id` the sequence; resumes after `Last-Event-ID`. A comment comes every 15 s so that the connection is known to live.",
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
        throw new LedgerError("not-acceptable", "This address gives text/event-stream only.");
      }
      const { after, place } = firstPosition(request, context);
      await reachStart(context.ledger, after, place, app.readWaitMs);
      reply.sse.sendHeaders();
      await follow(context, request.query, after, reply);
    },
  );
}

/** The sequence after which the stream begins, and where the request says so. */
function firstPosition(
  request: ApiRequest,
  { ledger }: ApiContext,
): { readonly after: number; readonly place: string } {
  const lastEventId = request.headers["last-event-id"];
  if (lastEventId === undefined || lastEventId === "") {
    const { after = ledger.sequence() } = request.query as StreamQuery;
    return { after, place: "/query/after" };
  }
  const place = "/header/last-event-id";
  const text = String(lastEventId);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) {
    return { after: Number(text), place };
  }
  throw new LedgerError("invalid-request", "Last-Event-ID is not one of this stream's.", {
    faults: [{ path: place, message: "must be a sequence" }],
  });
}

/** Sends until the client goes away or the server stops. */
async function follow(
  { ledger, stopping }: ApiContext,
  filter: StreamQuery,
  after: number,
  reply: ApiReply,
): Promise<void> {
  const gone = new AbortController();
  reply.sse.onClose(() => gone.abort());
  const over = AbortSignal.any([gone.signal, stopping]);
  const whenOver = new Promise<void>((resolve) => {
    over.addEventListener("abort", () => resolve(), { once: true });
  });
  const bell = makeBell();
  void whenOver.then(bell.ring);
  const stop = ledger.onProjected(bell.ring);
  try {
    await say({ event: "position", data: { sequence: ledger.sequence() }, retry: 2_000 });
    for (let position = after; !over.aborted; await bell.rung()) {
      position =
        filter.only === undefined ? await sendEvents(position) : await sendPosition(position);
    }
  } finally {
    stop();
  }

  async function sendEvents(from: number): Promise<number> {
    const { cluster: name, type } = filter;
    let position = from;
    const upTo = ledger.sequence();
    while (position < upTo && !over.aborted) {
      const events = await ledger.store.query({
        ...(name === undefined ? {} : { cluster: name }),
        ...(type === undefined ? {} : { type }),
        after: position,
        upTo,
        limit: maxPageSize,
      });
      for (const event of events) {
        await say({ id: String(event.sequence), event: "event", data: eventJson(event) });
      }
      position = events.length < maxPageSize ? upTo : (events.at(-1)?.sequence ?? upTo);
    }
    return Math.max(position, upTo);
  }

  async function sendPosition(from: number): Promise<number> {
    const sequence = ledger.sequence();
    if (sequence <= from) return from;
    await say({ id: String(sequence), event: "position", data: { sequence } });
    await Promise.race([sleep(positionIntervalMs, undefined, { ref: false }), whenOver]);
    return sequence;
  }

  /** Sends one message; gives up where the client is gone before it was ready for it. */
  async function say(message: {
    id?: string;
    event: string;
    data: unknown;
    retry?: number;
  }): Promise<void> {
    if (over.aborted || !reply.sse.isConnected) return;
    await Promise.race([reply.sse.send(message), whenOver]);
  }
}

/** A bell that is remembered if it rings while nobody waits. */
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
