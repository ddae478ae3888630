/** The name of the program with its sign: the way to the fleet. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";

const logo: Html = {
  html: `<svg class="logo" viewBox="0 0 20 18" width="20" height="18" aria-hidden="true"><rect x="0" y="1" width="16" height="4" rx="1.5" class="l1"/><rect x="4" y="7" width="16" height="4" rx="1.5" class="l2"/><rect x="0" y="7" width="2.6" height="4" rx="1.3" class="l1"/><rect x="0" y="13" width="12" height="4" rx="1.5" class="l3"/></svg>`,
};

export function brand(href = "/"): Html {
  return html`<a class="brand" href="${href}" aria-label="fleetledger, fleet"
    >${logo}<span>fleetledger</span></a
  >`;
}
