/** The proof that an event is in the ledger as it is: verified in the browser, or with the command line. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { verifierText } from "../../../tree/signed-note.ts";
import type { PageContext } from "../../frame/page.ts";
import { panel } from "../../frame/panel.ts";
import { eventFacts } from "./event-facts.ts";

export async function proofPanel(context: PageContext): Promise<Html> {
  const { event } = await eventFacts(context);
  const { audit, origin } = context;
  const { id } = event;
  const { signer } = audit;
  const commands = `npx fleetledger prove ${id} --out ${id}.tlog-proof --server ${origin}
npx fleetledger verify-proof ${id}.tlog-proof --key ledger.pub`;
  const file = context.api(`/v1/audit/proof/${id}`, { format: "tlog-proof" });
  return panel("proof", {
    title: "Proof",
    note: "that the ledger has this event, unchanged; not that what it says is true",
    ...(signer === null ? {} : { tools: html`<a href="${file}" download>Proof as a file</a>` }),
    body: html`<div
        data-island="proof"
        data-island-key="proof"
        data-proof="${context.api(`/v1/audit/proof/${id}`)}"
        data-event="${context.api(`/v1/events/${id}`)}"
        data-key="${signer === null ? "" : verifierText(signer)}"
        data-command="${commands}"
      >
        <noscript><p class="sub">This page verifies the proof where scripts may run.</p></noscript>
      </div>
      ${
        signer === null &&
        html`<p class="sub">
          This ledger is served without a signing key: its tree can be checked, but nobody has
          signed it. <code>serve --key</code> signs it.
        </p>`
      }
      <p class="sub next">
        Without this page, and without trusting it: the command line needs only the file and the
        public key.
      </p>
      <pre class="command" tabindex="0"><code>${commands}</code></pre>`,
  });
}
