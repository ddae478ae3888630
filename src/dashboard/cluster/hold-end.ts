/** Until when no-fly zones hold a rollout, in words. */
import { parseInstant } from "../../../projections/time/instant.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { PageContext } from "../frame/page.ts";
import { durationText, minuteText, timeHtml } from "../frame/times.ts";

/**
 * Until when the zones of the latest refusal hold a rollout and, where others hold it longer, when it may start: the page of the
 * rollout says the same.
 */
export function holdEndWords(
  { zone, stand }: PageContext,
  {
    nextRelease,
    nextStart,
  }: { readonly nextRelease: string | null; readonly nextStart: string | null },
): Html {
  const at = stand.at ?? 0;
  const said = (ms: number) =>
    html`${timeHtml(ms, minuteText(ms, zone, stand.at))}
      <span class="duration">(in ${durationText(ms - at)})</span>`;
  const release = nextRelease === null ? null : parseInstant(nextRelease);
  if (release === null) return html`no end is known`;
  if (nextStart === nextRelease) return html`next release ${said(release)}`;
  const start = nextStart === null ? null : parseInstant(nextStart);
  const longer = start === null ? html`and nobody has said until when` : html`until ${said(start)}`;
  return html`next release ${said(release)}; then other zones hold it, ${longer}`;
}
