/** The age of the ledger's last event, as every live page shows it. */
import type { LastEvent } from "../../answers/last-event.ts";
import { duration, instant } from "./format.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

export function lastEventWords(lastEvent: LastEvent | null): Html | null {
  if (lastEvent === null) return null;
  const { at, ageMs } = lastEvent;
  return html`The ledger's last event was recorded
  ${ageMs === null ? html`at ${instant(at)}` : html`${duration(ageMs)} ago, at ${instant(at)}`}.`;
}
