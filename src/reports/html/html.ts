/** Makes HTML from template strings: every value is escaped unless it is HTML already, and marks of text direction are made visible. */

import { shownLines } from "../../shown-text.ts";

/** Text that is known to be HTML. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | null | undefined | false | readonly Part[];

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return shownLines(text).replaceAll(/[&<>"']/g, (char) => escapes[char] ?? char);
}

/** A template whose values are escaped; `null`, `undefined` and `false` become nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let result = strings[0] ?? "";
  for (const [i, part] of parts.entries()) result += render(part) + (strings[i + 1] ?? "");
  return { html: result };
}

/** Parts, each on its own line. */
export function onLines(...parts: readonly Part[]): Html {
  return { html: parts.map(render).join("\n    ") };
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return escapeHtml(String(part));
  if ("html" in part) return part.html;
  return part.map(render).join("");
}

interface PageOptions {
  readonly script?: string | undefined;
  /** For a page that looks back: the lists it links to look back to the same position. */
  readonly asOf?: number | undefined;
}

/** A complete page. It loads nothing from other sites. */
export function page(title: string, main: Html, { script, asOf }: PageOptions = {}): string {
  const stand = asOf === undefined ? null : html`&amp;asOf=${asOf}`;
  const tag = script === undefined ? null : html`<script src="${script}" type="module"></script>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/overview.css" />
        ${tag}
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">fleetledger</a>
          <nav aria-label="Main">
            <a href="/">Fleet</a><a href="/v1/nodes?sort=state${stand}">Nodes</a
            ><a href="/v1/faults?open=true${stand}">Faults</a
            ><a href="/v1/jobs?state=running${stand}">Jobs</a><a href="/docs/">API</a
            ><a href="/metrics">Metrics</a>
          </nav>
        </header>
        ${main}
      </body>
    </html> `.html;
}
