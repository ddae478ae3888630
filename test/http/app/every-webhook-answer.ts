/** Every answer about webhooks, of an application that has one. */
import { servedSinks } from "../../sinks/served-sinks.ts";
import { describedBy } from "./described-app.ts";

const asked: readonly (readonly [method: "GET" | "POST", url: string, status: number])[] = [
  ["GET", "/v1/webhooks", 200],
  ["GET", "/v1/webhooks/pager/dead", 200],
  ["GET", "/v1/webhooks/none/dead", 404],
  ["POST", "/v1/webhooks/pager/replay?from=1", 202],
  ["POST", "/v1/webhooks/pager/replay?from=2", 422],
];

/** Asks for each; gives those that had another status. Throws where one is not as the document says. */
export async function unexpectedWebhookAnswers(seen: Set<string>): Promise<string[]> {
  await using served = await servedSinks();
  const { ask } = await describedBy(served.app, seen);
  const unexpected: string[] = [];
  for (const [method, url, status] of asked) {
    const answer = await ask(url, { method });
    if (answer.status !== status) unexpected.push(`${method} ${url} ${answer.status}`);
  }
  return unexpected;
}
