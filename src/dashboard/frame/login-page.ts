/** The page on which a browser logs in, in the look of the dashboard, without its frame. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { brand } from "./brand.ts";
import type { DashboardAssets } from "../build/assets.ts";

interface LoginState {
  /** The page that was asked for. */
  readonly to: string;
  /** Whose session this is; `null` without one. */
  readonly name: string | null;
  /** Why the last attempt failed; `null` if there was none. */
  readonly failure: string | null;
  /** Why nobody can log in here; `null` if one can. */
  readonly closed: string | null;
}

export function loginPage(assets: DashboardAssets, state: LoginState): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Log in – fleetledger</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${assets.themeScript !== null && html`<script src="${assets.themeScript}"></script>`}
        ${assets.styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
      </head>
      <body>
        <main id="main" class="problem-page">
          ${brand()}
          <h1>Log in</h1>
          ${state.failure !== null && html`<p role="alert">${state.failure}</p>`}
          ${state.closed === null ? form(state) : html`<p>${state.closed}</p>`}
        </main>
      </body>
    </html> `.html;
}

function form({ to, name }: LoginState): Html {
  return html`${
      name !== null &&
      html`<form method="post" action="/logout">
        <p>
          This browser is logged in with the key of <b>${name}</b>.
          <button type="submit">Log out</button>
        </p>
      </form>`
    }
    <form method="post" action="/login">
      <input type="hidden" name="to" value="${to}" />
      <p class="field-line">
        <label for="key">Key</label>
        <input
          id="key"
          name="key"
          type="password"
          required
          autofocus
          autocomplete="current-password"
          spellcheck="false"
        />
        <button type="submit">Log in</button>
      </p>
      <p class="sub">A key begins with <code>flk_</code>. Whoever runs this ledger issues one.</p>
    </form>`;
}
