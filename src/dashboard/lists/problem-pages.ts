/** Pages that explain the kinds of error. */
import type { ErrorCode } from "../../errors.ts";
import { errorCatalogue } from "../../errors.ts";
import { html, page } from "../../reports/html/html.ts";

export function errorPage(code: ErrorCode): string {
  const { status, title } = errorCatalogue[code];
  return page(
    `${title} – fleetledger`,
    html`<main id="main">
      <h1>${title}</h1>
      <p>Error <code>${code}</code>, answered with HTTP status ${status}.</p>
      <p>
        The problem document's <code>detail</code> says what was wrong this time, its
        <code>errors</code> name the invalid values, and its <code>instance</code> is the request as
        the log names it.
      </p>
      <p><a href="/problems">All kinds of error</a></p>
    </main>`,
  );
}

export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, title }]) =>
      html`<tr>
        <th scope="row">
          <a href="/problems/${code}"><code>${code}</code></a>
        </th>
        <td>${status}</td>
        <td>${title}</td>
      </tr>`,
  );
  return page(
    "Errors – fleetledger",
    html`<main id="main">
      <h1>Errors</h1>
      <div class="scroll" role="region" aria-label="Errors" tabindex="0">
        <table>
          <caption>
            Every kind of error that the API returns
          </caption>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Status</th>
              <th scope="col">Title</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
    </main>`,
  );
}
