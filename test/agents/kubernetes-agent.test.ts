import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { runKubernetesAgent } from "../../src/agents/kubernetes-agent.ts";
import { notingLedger, smallServer } from "./small-servers.ts";

const node = (name: string, resourceVersion: string) => ({
  kind: "Node",
  metadata: { name, resourceVersion },
});
const page = (items: readonly object[], metadata: object) =>
  JSON.stringify({ kind: "NodeList", metadata, items });
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

/** An API server that answers each request as the next of `answers` says, and the agent that watches it. */
async function agent(
  answers: readonly ((response: ServerResponse) => void)[],
  statuses: readonly number[] = [],
) {
  const ledger = await notingLedger();
  ledger.statuses.push(...statuses);
  const asked: string[] = [];
  const keys = new Set<string | undefined>();
  const api = await smallServer((request, response) => {
    keys.add(request.headers.authorization);
    const query = new URL(`http://x${request.url}`).searchParams;
    const from = query.get("resourceVersion") ?? "";
    asked.push(query.has("watch") ? `watch ${from}` : `list ${query.get("continue") ?? ""}`.trim());
    const answer = answers[asked.length - 1];
    // After the last answer, a watch that stays open.
    if (answer === undefined) response.flushHeaders();
    else answer(response);
  });
  const stop = new AbortController();
  const said: string[] = [];
  const running = runKubernetesAgent({
    ledger: ledger.url,
    key: async () => null,
    source: "k8s",
    say: (each) => said.push(each),
    signal: stop.signal,
    api: api.url,
    token: async () => "account",
  });
  return {
    ledger,
    asked,
    keys,
    said,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
      await ledger[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

const end = (text: string) => (response: ServerResponse) => void response.end(text);

test("lists page by page, then watches from there, and goes on where a watch ended", async () => {
  await using it = await agent([
    end(page([node("n1", "1")], { resourceVersion: "10", continue: "more" })),
    end(page([node("n2", "2")], { resourceVersion: "10" })),
    end(
      line("MODIFIED", node("n1", "11")) +
        line("BOOKMARK", { kind: "Node", metadata: { resourceVersion: "15" } }),
    ),
  ]);
  await it.ledger.taken(3);
  await expect.poll(() => it.asked.length).toBe(4);
  expect(it.asked).toEqual(["list", "list more", "watch 10", "watch 15"]);
  const [, , watched] = it.ledger.payloads;
  expect(watched).toEqual({
    path: "/v1/sources/k8s",
    type: "application/x-ndjson",
    body: line("MODIFIED", node("n1", "11")).trim(),
  });
  expect([[...it.keys], it.said]).toEqual([["Bearer account"], []]);
});

test("lists again when a watch is too old, told by the answer or within the watch", async () => {
  await using it = await agent([
    end(page([node("n1", "1")], { resourceVersion: "10" })),
    (response) => void response.writeHead(410).end("{}"),
    end(page([node("n1", "1")], { resourceVersion: "20" })),
    end(line("ERROR", { kind: "Status", code: 410 })),
    end(page([node("n1", "1")], { resourceVersion: "30" })),
  ]);
  await it.ledger.taken(3);
  await expect.poll(() => it.asked.length).toBe(6);
  expect(it.asked).toEqual(["list", "watch 10", "list", "watch 20", "list", "watch 30"]);
});

test("sends what a watch tells while it goes on, and nothing overtakes what was not taken", async () => {
  await using it = await agent(
    [
      end(page([], { resourceVersion: "1" })),
      (response) => {
        response.write(line("MODIFIED", node("n1", "2")));
      },
    ],
    [200, 503],
  );
  await it.ledger.taken(2);
  expect(it.ledger.payloads[1]?.body).toContain('"n1"');
  expect(it.said[0]).toBe("the ledger answers 503: {}");
});
