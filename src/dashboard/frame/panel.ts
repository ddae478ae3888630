/** A panel: a titled part of a page, which is computed, kept and replaced by itself. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";

interface PanelParts {
  readonly title: string;
  /** A quiet line beside the title. */
  readonly note?: Html | string | null;
  /** Switches and links at the right of the title. */
  readonly tools?: Html | null;
  /** The address of the same figures as CSV. */
  readonly csv?: string;
  /** Whether it can be saved as a picture: it has a chart. */
  readonly png?: boolean;
  readonly body: Html;
  /** Further classes, such as `wide`. */
  readonly kind?: string;
}

/** `id` is the panel's name on its page; it is part of the address of its fragment. */
export function panel(id: string, parts: PanelParts): Html {
  const { title, note, tools, csv, png = false, body, kind = "" } = parts;
  return html`<section
    class="panel ${kind}"
    id="p-${id}"
    data-fragment="${id}"
    aria-labelledby="h-${id}"
  >
    <div class="panel-head">
      <h2 id="h-${id}">${title}</h2>
      ${note !== undefined && note !== null && html`<p class="note">${note}</p>`}
      <div class="tools">
        ${tools}${csv !== undefined && csvLink(title, csv)}${png && pngButton(title)}
      </div>
    </div>
    ${body}
  </section>`;
}

/** The figures of a panel as a table of their own. */
export function csvLink(title: string, href: string): Html {
  return html`<a class="csv" href="${href}" download aria-label="${title} as CSV">CSV</a>`;
}

/** Saves the panel that it is in as a picture. */
export function pngButton(title: string): Html {
  return html`<button type="button" class="csv" data-png aria-label="${title} as PNG">PNG</button>`;
}

/** A part of the page without a frame, such as its headline. */
export function bare(id: string, body: Html, kind = ""): Html {
  return html`<div class="bare ${kind}" id="p-${id}" data-fragment="${id}">${body}</div>`;
}

/** One sentence for a panel without data, and what would fill it. */
export function empty(sentence: string, command?: string): Html {
  return html`<p class="empty">${sentence}</p>
    ${command !== undefined && html`<pre class="command" tabindex="0"><code>${command}</code></pre>`}`;
}

/** What went wrong, in the words of the problem document. */
interface ProblemWords {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** A panel whose figures could not be computed: what the problem is, and what the reader can do. */
export function failedPanel(id: string, problem: ProblemWords, retry: string): Html {
  const { code, title, detail } = problem;
  return html`<section
    class="panel failed"
    id="p-${id}"
    data-fragment="${id}"
    data-problem="${code}"
  >
    <p class="problem"><strong>${title}.</strong> ${detail}</p>
    <p><a href="${retry}">Try again</a></p>
  </section>`;
}
