/** Every request that sources and senders of CloudEvents can make, with the status that it has to have. */
import type { InjectOptions } from "fastify";
import { alert, group, sourcesApp } from "../sources/sources-app.ts";
import { describedBy } from "./described-app.ts";

const event = (id: string, more: object = {}) => ({
  specversion: "1.0",
  id,
  source: "/m",
  type: "io.fleetledger.NodeCommissioned",
  time: "2026-04-01T00:00:00Z",
  data: { cluster: "alpha", node: id },
  ...more,
});

const post = (payload: object, type = "application/json"): InjectOptions => ({
  method: "POST",
  payload: JSON.stringify(payload),
  headers: { "content-type": type },
});
const cloud = "application/cloudevents+json";
const batch = "application/cloudevents-batch+json";
const handshake = (origin: string): InjectOptions => ({
  method: "OPTIONS",
  headers: { "webhook-request-origin": origin },
});

const requests: readonly (readonly [url: string, asked: InjectOptions, status: number])[] = [
  ["/v1/sources/am", post(group(alert("n1"), alert("n2", { startsAt: "" }))), 200],
  ["/v1/sources/am?strict=1", post(group(alert("n2", { startsAt: "" }))), 422],
  ["/v1/sources/am/heartbeat", { method: "POST" }, 204],
  ["/v1/sources/none/heartbeat", { method: "POST" }, 404],
  ["/v1/sources", {}, 200],
  ["/v1/cloudevents", post(event("a"), cloud), 201],
  ["/v1/cloudevents", post(event("a"), cloud), 200],
  ["/v1/cloudevents", post(event("a", { time: null }), cloud), 400],
  ["/v1/cloudevents", post([event("b"), event("c")], batch), 201],
  ["/v1/cloudevents", post([event("b")], batch), 200],
  ["/v1/cloudevents", post([event("d"), event("e", { time: null })], batch), 207],
  ["/v1/cloudevents", handshake("eventgrid.azure.net"), 200],
  ["/v1/cloudevents", handshake("other.example"), 403],
  ["/v1/events?format=cloudevents&limit=2", {}, 200],
];

/** Notes in `seen` what was answered; returns what was not as it has to be. */
export async function unexpectedSourceAnswers(seen: Set<string>): Promise<string[]> {
  await using it = await sourcesApp();
  const { ask } = await describedBy(it.app, seen);
  const unexpected: string[] = [];
  for (const [url, asked, status] of requests) {
    const answer = await ask(url, asked);
    if (answer.status !== status)
      unexpected.push(`${url}: ${answer.status}, not ${status}: ${answer.text}`);
  }
  return unexpected;
}
