/** What a ledger without events shows: how to put the first facts in. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { bare, empty } from "./panel.ts";
import type { PageContext } from "./page.ts";

/** The command that sends a first fact. */
function firstFact({ origin }: PageContext): string {
  return `curl -X POST ${origin}/v1/events -H 'Content-Type: application/json' -d '{
  "id": "5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11",
  "type": "NodeCommissioned",
  "occurredAt": "2026-03-01T00:00:00Z",
  "data": {"cluster": "alpha", "node": "gpu0001"}
}'`;
}

/** A panel's body where there is no fact at all; in the past nothing can be put in any more. */
export function withoutFacts(context: PageContext, sentence: string): Html {
  return empty(sentence, context.stand.isPast ? undefined : firstFact(context));
}

export async function emptyLedger(context: PageContext): Promise<Html> {
  const { origin, stand } = context;
  if (stand.isPast) {
    return bare(
      "empty",
      html`<h1>The ledger was empty</h1>
        <div class="panel">${empty("Nothing had been recorded at this position.")}</div>`,
    );
  }
  const file = `curl -X POST ${origin}/v1/events -H 'Content-Type: application/x-ndjson' --data-binary @events.ndjson`;
  return bare(
    "empty",
    html`<h1>The ledger is empty</h1>
      <div class="panel">
        ${empty("Put the first facts in, and this page shows their figures:", firstFact(context))}
        ${empty("Or import a file of events, one a line:", file)}
        <p>The <a href="/docs/">API's own page</a> has every type of event and lets you try it.</p>
      </div>`,
  );
}
