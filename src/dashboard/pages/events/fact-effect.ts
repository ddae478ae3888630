/** What one step of a fact's history did to it, field by field. */
import { formatInstant, parseInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { bad, good } from "../../frame/figures.ts";
import type { DisplayZone } from "../../frame/times.ts";
import { secondText, timeHtml } from "../../frame/times.ts";

/** A fact's content, as it is answered. */
interface FactContent {
  readonly retracted: boolean;
  readonly occurredAt: string;
  readonly data: object;
}

/** What changed; `before` is missing for the statement itself. */
export function effectHtml(
  before: FactContent | undefined,
  after: FactContent | undefined,
  zone: DisplayZone,
): Html {
  if (after === undefined) return html`unknown`;
  if (before === undefined) return html`stated, as above`;
  const wasGone = before.retracted;
  if (after.retracted) return wasGone ? html`it stays retracted` : bad("retracted");
  const was = wasGone ? new Map<string, string>() : fieldsOf(before);
  const now = fieldsOf(after);
  const changed = [...new Set([...was.keys(), ...now.keys()])].filter(
    (name) => was.get(name) !== now.get(name),
  );
  if (changed.length === 0) return html`no change`;
  return html`${wasGone && good("restored")}
    <ul class="fields">
      ${changed.map((name) => html`<li><span class="field">${name}</span> ${changeHtml(was.get(name), now.get(name), zone)}</li>`)}
    </ul>`;
}

function changeHtml(old: string | undefined, value: string | undefined, zone: DisplayZone): Html {
  const before = old === undefined ? null : html`<del>${valueHtml(old, zone)}</del>`;
  if (value === undefined) return html`${before} taken away`;
  return html`${before !== null && html`${before} now `}<ins>${valueHtml(value, zone)}</ins>`;
}

/** A fact's fields as texts, `occurredAt` first. */
export function fieldsOf({
  occurredAt,
  data,
}: Omit<FactContent, "retracted">): Map<string, string> {
  const fields = new Map([["occurredAt", occurredAt]]);
  for (const [name, value] of Object.entries(data)) {
    fields.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return fields;
}

/** An instant is shown in the reader's zone; any other value as it was written. */
export function valueHtml(value: string, zone: DisplayZone): Html {
  const ms = /^\d{4}-\d\d-\d\dT/.test(value) ? parseInstant(value) : null;
  if (ms === null || formatInstant(ms) !== value) return html`<code>${value}</code>`;
  const fraction = ms % 1_000 === 0 ? "" : `.${String(ms % 1_000).padStart(3, "0")}`;
  return timeHtml(ms, `${secondText(ms, zone, null)}${fraction}`);
}
