/** Buttons of decisions, which open their forms; without scripts, the same as commands to copy. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { PageContext } from "../frame/page.ts";
import type { ExplainedForm } from "./form.ts";

/** `key` names the buttons on their page. In the past nothing is decided: nothing is shown; nor what the reader may not ask. */
export function decisions(
  { stand, origin, reader }: PageContext,
  key: string,
  all: readonly ExplainedForm[],
): Html | null {
  const forms = all.filter(({ address }) => reader.may("POST", address));
  if (stand.isPast || forms.length === 0) return null;
  const written = forms.map(({ example: _example, ...form }) => form);
  return html`<div
    class="decisions"
    data-island="decide"
    data-island-key="decide-${key}"
    data-forms="${JSON.stringify(written)}"
  >
    ${forms.map((form) => commands(origin, form))}
  </div>`;
}

/** What can be previewed is so in a first step. */
function commands(origin: string, { button, address, preview, example }: ExplainedForm): Html {
  const step = (words: string, to: string) =>
    html`${preview !== undefined && html`<p class="sub">${words}</p>`}
      <pre><code>${curl(`${origin}${to}`, example)}</code></pre>`;
  return html`<details>
    <summary>${button}</summary>
    ${preview !== undefined && step("First see what it would come to; nothing is recorded:", preview)}
    ${step("Then, with the same body:", address)}
  </details>`;
}

/** A command for a shell; single quotes in it are written so that they stay what they are. */
function curl(address: string, body: object): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return `curl ${quoted(address)} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body, null, 2))}`;
}
