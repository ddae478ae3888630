/** The head of the tree over all events at the position, and the key that signs it. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { verifierText } from "../../../tree/signed-note.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { panel } from "../../frame/panel.ts";
import { withoutFacts } from "../../frame/empty-ledger.ts";

export async function checkpointPanel(context: PageContext): Promise<Html> {
  const { audit, stand, origin } = context;
  const title = "Head of the tree";
  if (stand.sequence === 0)
    return panel("checkpoint", {
      title,
      body: withoutFacts(context, "An empty ledger has no tree; its first event begins it:"),
    });
  const tree = await audit.tree();
  const root = (await tree.root(stand.sequence)).toString("base64");
  const { signer } = audit;
  const note = await audit.checkpoint(stand.sequence);
  const size = String(stand.sequence);
  const source = context.api("/v1/audit/consistency", { from: size, to: size });
  return panel("checkpoint", {
    title,
    note: "one hash that every event up to here goes into",
    ...(signer === null
      ? {}
      : {
          tools: html`<a
            href="${context.api("/v1/audit/checkpoint", { size })}"
            download="checkpoint.txt"
            >Checkpoint</a
          >`,
        }),
    body: html`<table class="facts" data-source="${source}">
        <caption class="hidden">
          The head of the tree
        </caption>
        <tbody>
          <tr>
            <th scope="row">events</th>
            <td>${figure("to", stand.sequence, whole(stand.sequence))}</td>
          </tr>
          <tr>
            <th scope="row">root hash</th>
            <td>${figure("toRootHash", root, html`<code class="digest">${root}</code>`)}</td>
          </tr>
          <tr>
            <th scope="row">signing key</th>
            <td>
              ${signer === null ? "none: the ledger is served without one" : html`<code class="digest">${verifierText(signer)}</code>`}
            </td>
          </tr>
        </tbody>
      </table>
      ${note !== null && html`<pre tabindex="0" aria-label="The signed checkpoint"><code>${note}</code></pre>`}
      <p class="sub next">
        ${
          signer === null
            ? html`Serve it with a key, and the head is signed and sealed:
                <code>fleetledger keys new</code>, <code>serve --key</code>.`
            : html`Keep a checkpoint elsewhere: <code>fleetledger verify --since</code> refuses a
                history that does not go on from it. The key:
                <code>curl ${origin}/v1/audit/key</code>; get it over another way, too.`
        }
      </p>`,
  });
}
