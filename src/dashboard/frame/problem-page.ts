/** A page that cannot be shown: what is wrong with its address, and the way out. */
import type { LedgerError } from "../../errors.ts";
import { html } from "../../reports/html/html.ts";
import { brand } from "./brand.ts";
import type { DashboardAssets } from "../build/assets.ts";

interface Problem {
  readonly title: string;
  readonly status: number;
  readonly error: LedgerError;
  /** The address that was asked for. */
  readonly path: string;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function problemPage(
  assets: DashboardAssets,
  { title, status, error, path }: Problem,
): string {
  const errors = error.errors.map(
    ({ path: place, message }) =>
      html`<li><code>${place.replace(/^\/(query|path)\//, "")}</code>: ${message}</li>`,
  );
  // Where the errors are all that there is to say, the message is made of them.
  const isSaidAgain = error.errors.some(({ message }) => error.message.includes(message));
  // A node or job that is not found has a cluster, which may be.
  const cluster = /^\/clusters\/([^/?]+)\/./.exec(path)?.[1];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – fleetledger</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${assets.themeScript !== null && html`<script src="${assets.themeScript}"></script>`}
        ${assets.styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
      </head>
      <body>
        <main id="main" class="problem-page">
          ${brand()}
          <h1>${title}</h1>
          ${!isSaidAgain && html`<p>${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}</p>`}
          ${
            errors.length > 0 &&
            html`<ul>
              ${errors}
            </ul>`
          }
          <form class="find" action="/find" method="get" role="search">
            <label for="find">Find a node, job, rollout, zone or event</label>
            <input id="find" name="q" type="search" autocomplete="off" />
            <button type="submit">Find</button>
          </form>
          <nav class="links" aria-label="Ways on">
            ${status !== 404 && path.includes("?") && html`<a href="${path.split("?")[0]}">This page without its parameters</a>`}
            ${cluster !== undefined && html`<a href="/clusters/${cluster}">Nodes of ${decoded(cluster)}</a> <a href="/clusters/${cluster}/jobs">Jobs of ${decoded(cluster)}</a>`}
            <a href="/">Fleet</a> <a href="/rollouts">Rollouts</a> <a href="/reports">Reports</a>
            <a href="/audit">Audit</a>
            ${status === 403 && html`<a href="/login">Log in with another key</a>`}
          </nav>
          <p class="sub">
            Error <a href="/problems/${error.code}"><code>${error.code}</code></a
            >, ${status}
          </p>
        </main>
      </body>
    </html> `.html;
}
