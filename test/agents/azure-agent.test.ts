import { expect, test } from "vitest";
import { runAzureAgent } from "../../src/agents/azure-agent.ts";
import { notingLedger, smallServer } from "./small-servers.ts";

const scheduled = (incarnation: number, source = "Platform") => ({
  DocumentIncarnation: incarnation,
  Events: [{ EventId: "e1", EventStatus: "Scheduled", EventSource: source }],
});

/** A metadata service whose document a test changes, and the agent that asks it. */
async function agent(options: { approvesUsers?: boolean; statuses?: number[] } = {}) {
  const ledger = await notingLedger();
  ledger.statuses.push(...(options.statuses ?? []));
  let document: object = { DocumentIncarnation: 1, Events: [] };
  let nowMs = Date.UTC(2026, 2, 1);
  const approved: unknown[] = [];
  const unheaded: string[] = [];
  let asked = 0;
  const metadata = await smallServer((request, response, body) => {
    if (request.headers["metadata"] !== "true") unheaded.push(request.url ?? "");
    if (request.method === "POST") approved.push(JSON.parse(body));
    else if (request.url?.startsWith("/metadata/instance/") !== true) asked++;
    response.end(
      request.url?.startsWith("/metadata/instance/") ? "vm7\n" : JSON.stringify(document),
    );
  });
  const stop = new AbortController();
  const said: string[] = [];
  const running = runAzureAgent({
    ledger: ledger.url,
    key: async () => "k1",
    source: "azure",
    say: (line) => said.push(line),
    signal: stop.signal,
    metadata: metadata.url,
    name: null,
    approvesUsers: options.approvesUsers ?? false,
    nowMs: () => nowMs,
    intervalMs: 5,
  });
  return {
    ledger,
    said,
    approved,
    unheaded,
    set: (next: object) => (document = next),
    pass: (ms: number) => (nowMs += ms),
    /** Resolves when the service was asked so many times more. */
    turns: async (count: number) => {
      const until = asked + count;
      await expect.poll(() => asked, { interval: 5 }).toBeGreaterThanOrEqual(until);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
      await ledger[Symbol.asyncDispose]();
      await metadata[Symbol.asyncDispose]();
    },
  };
}

const incarnations = (payloads: readonly { body: string }[]) =>
  payloads.map(({ body }) => {
    const { agent: name, document } = JSON.parse(body) as {
      agent: string;
      document: { DocumentIncarnation: number };
    };
    return `${name} ${document.DocumentIncarnation}`;
  });

test("sends the document at its start and when its incarnation changes, and no more", async () => {
  await using it = await agent();
  await it.ledger.taken(1);
  await it.turns(3);
  it.set(scheduled(2));
  await it.ledger.taken(2);
  await it.turns(3);
  expect(incarnations(it.ledger.payloads)).toEqual(["vm7 1", "vm7 2"]);
  expect(it.ledger.payloads[0]).toMatchObject({
    path: "/v1/sources/azure",
    type: "application/json",
  });
  expect([...it.ledger.keys]).toEqual(["Bearer k1"]);
  expect([it.unheaded, it.approved, it.said]).toEqual([[], [], []]);
});

test("sends it again as a sign of life", async () => {
  await using it = await agent();
  await it.ledger.taken(1);
  await it.turns(2);
  it.pass(30_000);
  await it.ledger.taken(2);
  expect(incarnations(it.ledger.payloads)).toEqual(["vm7 1", "vm7 1"]);
});

test("sends again what the ledger could not take, and says so once", async () => {
  await using it = await agent({ statuses: [503, 503] });
  await it.ledger.taken(1);
  expect(incarnations(it.ledger.payloads)).toEqual(["vm7 1"]);
  await it.turns(2);
  expect(it.said).toEqual([
    "the ledger answers 503: {}",
    expect.stringContaining("takes payloads again"),
  ]);
});

test("approves events of a user alone, and only if it is told to", async () => {
  await using it = await agent({ approvesUsers: true });
  it.set(scheduled(2));
  await it.turns(3);
  expect(it.approved).toEqual([]);
  it.set(scheduled(3, "User"));
  await it.turns(2);
  expect(it.approved[0]).toEqual({ StartRequests: [{ EventId: "e1" }] });
});
