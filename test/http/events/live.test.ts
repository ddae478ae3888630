import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer } from "../app/running-server.ts";
import type { MemoryLedger } from "../app/memory-ledger.ts";
import { anEvent, memoryLedger } from "../app/memory-ledger.ts";

let ledger: MemoryLedger;
let server: RunningServer;
beforeEach(async () => {
  ledger = memoryLedger();
  server = await serve({
    ledger,
    logger: pino({ level: "silent" }),
    port: 0,
    stopOnSignals: false,
  });
});
afterEach(() => server.stop());

interface Message {
  readonly id: string | null;
  readonly event: string;
  readonly data: { sequence: number };
}

/** Reads messages of a stream until `enough` says so, or the stream ends. */
async function messages(
  path: string,
  enough: (all: readonly Message[]) => boolean,
  headers: Record<string, string> = {},
): Promise<Message[]> {
  const leave = new AbortController();
  const answer = await fetch(server.url + path, { headers, signal: leave.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const found: Message[] = [];
  let text = "";
  for await (const bytes of answer.body ?? []) {
    text += Buffer.from(bytes).toString("utf8");
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) if (!block.startsWith(":")) found.push(parse(block));
    if (enough(found)) break;
  }
  leave.abort();
  return found;
}

/** As `messages`, once the first has come: what is submitted from then on is new to the stream. */
async function following(
  path: string,
  enough: (all: readonly Message[]) => boolean,
): Promise<{ readonly reading: Promise<Message[]> }> {
  const first = Promise.withResolvers<void>();
  const reading = messages(path, (all) => {
    if (all.length > 0) first.resolve();
    return enough(all);
  });
  await Promise.race([first.promise, reading]);
  return { reading };
}

function parse(block: string): Message {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
  return {
    id: field("id"),
    event: field("event") ?? "",
    data: JSON.parse(field("data") ?? "null") as Message["data"],
  };
}

const eventsOf = (all: readonly Message[]) => all.filter(({ event }) => event === "event");

describe("the live stream", () => {
  it("sends each event once and in order, as it is projected", async () => {
    await ledger.submit([anEvent()]);
    const reading = messages("/v1/stream?after=0", (all) => eventsOf(all).length >= 4);
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await ledger.submit([anEvent()]);
    }
    const found = eventsOf(await reading);
    expect(found.map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
    expect(found[3]?.data).toMatchObject({ sequence: 4, type: "NodeCommissioned" });
  });

  it("continues after the last event that the client has seen", async () => {
    await ledger.submit([anEvent(), anEvent(), anEvent()]);
    const found = await messages("/v1/stream?after=0", (all) => eventsOf(all).length >= 1, {
      "last-event-id": "2",
    });
    expect(eventsOf(found).map(({ id }) => id)).toEqual(["3"]);
  });

  it("begins with new events unless a start is requested", async () => {
    await ledger.submit([anEvent()]);
    const { reading } = await following("/v1/stream", (all) => eventsOf(all).length >= 1);
    await ledger.submit([anEvent()]);
    expect(eventsOf(await reading).map(({ id }) => id)).toEqual(["2"]);
  });

  it("sends only the events that match its filters", async () => {
    await ledger.submit([
      anEvent({ data: { cluster: "alpha", node: "n1" } }),
      anEvent({ data: { cluster: "beta", node: "n1" } }),
      anEvent({ type: "NodeDecommissioned", data: { cluster: "beta", node: "n1" } }),
    ]);
    const ids = async (query: string, count: number) => {
      const all = await messages(
        `/v1/stream?after=0&${query}`,
        (found) => eventsOf(found).length >= count,
      );
      return eventsOf(all).map(({ id }) => id);
    };
    expect(await ids("cluster=beta", 2)).toEqual(["2", "3"]);
    expect(await ids("type=NodeDecommissioned", 1)).toEqual(["3"]);
    const positions = await messages(
      "/v1/stream?after=0&only=positions",
      (all) => all.length === 2,
    );
    expect(positions.map(({ event, data }) => [event, data.sequence])).toEqual([
      ["position", 3],
      ["position", 3],
    ]);
  });

  it("refuses a start that is not a sequence, and a client that wants another media type", async () => {
    const bad = await fetch(`${server.url}/v1/stream`, { headers: { "last-event-id": "x" } });
    expect([bad.status, ((await bad.json()) as { errors: unknown[] }).errors]).toEqual([
      400,
      [{ path: "/header/last-event-id", message: "must be a sequence" }],
    ]);
    const other = await fetch(`${server.url}/v1/stream`, {
      headers: { accept: "application/json" },
    });
    expect(other.status).toBe(406);
    expect(other.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  });

  it("releases a client that disconnected", async () => {
    const calls: string[] = [];
    const onProjected = ledger.onProjected.bind(ledger);
    Object.assign(ledger, {
      onProjected: (listener: (sequence: number) => void) => {
        const stop = onProjected(listener);
        calls.push("listening");
        return () => {
          stop();
          calls.push("stopped");
        };
      },
    });
    await ledger.submit([anEvent()]);
    await messages("/v1/stream?after=0", (all) => eventsOf(all).length >= 1);
    await expect.poll(() => calls).toEqual(["listening", "stopped"]);
  });
});

/** Opens a request whose body the test writes piece by piece. */
function openImport() {
  const request = httpRequest(`${server.url}/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
  });
  const answered = once(request, "response").then(([answer]) => answer as IncomingMessage);
  const text = async () => {
    const parts: Buffer[] = [];
    for await (const part of await answered) parts.push(Buffer.from(part as Uint8Array));
    return Buffer.concat(parts).toString("utf8");
  };
  return { request, answered, text };
}

describe("an NDJSON import", () => {
  it("is answered while it is still being sent", async () => {
    const { request, answered } = openImport();
    request.write(`${JSON.stringify(anEvent())}\n`);
    const answer = await answered;
    const [first] = (await once(answer, "data")) as [Buffer];
    expect(JSON.parse(first.toString("utf8"))).toMatchObject({ line: 1, status: "appended" });
    request.end();
    answer.resume();
    await once(answer, "end");
  });

  it("that its sender aborts keeps the events appended so far, and the rest can be sent again", async () => {
    const { request, answered } = openImport();
    const events = [anEvent(), anEvent()];
    request.on("error", () => undefined);
    request.write(`${JSON.stringify(events[0])}\n${JSON.stringify(events[1]).slice(0, 30)}`);
    await once(await answered, "data");
    request.destroy();
    await expect.poll(() => ledger.events.length).toBe(1);
    const again = await fetch(`${server.url}/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", accept: "application/json" },
      body: events.map((event) => JSON.stringify(event)).join("\n"),
    });
    expect(await again.json()).toMatchObject({ appended: 1, duplicates: 1, complete: true });
  });
});

describe("a graceful stop", () => {
  it("finishes accepted requests and tells the others that they were not accepted", async () => {
    const { request, answered, text } = openImport();
    request.write(`${JSON.stringify(anEvent())}\n`);
    await answered;
    const whole = text();
    const stopped = server.stop();
    request.write(`${JSON.stringify(anEvent())}\n`);
    const lines = (await whole).trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      summary: { appended: 2, lastLine: 2, complete: false, error: { code: "overloaded" } },
    });
    request.end();
    await stopped;
    expect(ledger.events).toHaveLength(2);
  });

  it("waits for an append in flight", async () => {
    const release = ledger.hold();
    const sent = fetch(`${server.url}/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(anEvent()),
    });
    await expect.poll(() => ledger.maxInFlight()).toBe(1);
    let isStopped = false;
    const stopped = server.stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isStopped).toBe(false);
    release();
    expect((await sent).status).toBe(201);
    await stopped;
  });

  it("ends live streams", async () => {
    const { reading } = await following("/v1/stream", () => false);
    await server.stop();
    expect(await reading).toHaveLength(1);
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow("fetch failed");
    await server.stopped;
  });
});
