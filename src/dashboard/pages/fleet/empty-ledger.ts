/** What a ledger without events shows: how to put the first facts in. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { bare, empty } from "../../frame/panel.ts";
import type { PageContext } from "../../frame/page.ts";

export async function emptyLedger({ origin }: PageContext): Promise<Html> {
  const first = `curl -X POST ${origin}/v1/events -H 'Content-Type: application/json' -d '{
  "id": "5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11",
  "type": "NodeCommissioned",
  "occurredAt": "2026-03-01T00:00:00Z",
  "data": {"cluster": "alpha", "node": "gpu0001"}
}'`;
  const file = `curl -X POST ${origin}/v1/events -H 'Content-Type: application/x-ndjson' --data-binary @events.ndjson`;
  return bare(
    "empty",
    html`<h1>The ledger is empty</h1>
      <div class="panel">
        ${empty("Put the first facts in, and this page shows their figures:", first)}
        ${empty("Or import a file of events, one a line:", file)}
        <p>The <a href="/docs/">API's own page</a> has every type of event and lets you try it.</p>
      </div>`,
  );
}
