/** How a wrong fact is put right: the commands, with their blanks, as curl and for the command line. */
import type { EventJson } from "../../../answers/event-json.ts";
import { eventJson } from "../../../answers/event-json.ts";
import { isSystemEvent } from "../../../events/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { eventFacts } from "./event-facts.ts";

export async function amendPanel(context: PageContext): Promise<Html> {
  const { event } = await eventFacts(context);
  const title = "If it is wrong";
  if (isSystemEvent(event.type)) {
    return panel("amend", {
      title,
      body: empty("The ledger wrote this event about itself: it cannot be corrected or retracted."),
    });
  }
  const { id } = event;
  if (!context.reader.may("POST", `/v1/events/${id}/corrections`)) {
    return panel("amend", {
      title,
      body: empty("Your key reads events; whoever stated it, or an operator, may correct it."),
    });
  }
  const at = `${context.origin}/v1/events/${id}`;
  const json = "-H 'Content-Type: application/json'";
  const who = `"actor": "YOU", "reason": "WHY"`;
  const http = `curl ${at}/corrections ${json} -d '{${who}, "occurredAt": "WHEN IT REALLY HAPPENED"}'
curl ${at}/retraction ${json} -d '{${who}}'`;
  const cli = `npx fleetledger correct ${id} --occurred-at WHEN --actor YOU --reason WHY --server ${context.origin}
npx fleetledger retract ${id} --actor YOU --reason WHY --server ${context.origin}`;
  return panel("amend", {
    title,
    note: "correct it (it was otherwise) or retract it (it did not happen); this event stays",
    body: html`<pre class="command" tabindex="0" aria-label="With curl"><code>${http}</code></pre>
      <pre class="command" tabindex="0" aria-label="With the command line"><code>${cli}</code></pre>
      <p class="sub">
        <code>"data": {…}</code>, or <code>--data</code>, states all of its fields anew.
      </p>`,
  });
}

export async function jsonPanel(context: PageContext): Promise<Html> {
  const { event } = await eventFacts(context);
  const text: EventJson = eventJson(event);
  return panel("json", {
    title: "JSON",
    tools: html`<a href="${context.api(`/v1/events/${event.id}`)}" download="${event.id}.json"
      >With its history</a
    >`,
    body: html`<details>
      <summary>The event as it was stated</summary>
      <pre tabindex="0"><code>${JSON.stringify(text, null, 2)}</code></pre>
    </details>`,
  });
}
