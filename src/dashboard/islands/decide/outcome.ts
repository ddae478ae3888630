/** What came of a command: recorded, with its events; or refused, with the problem and what recorded that. */
import { html } from "htm/preact";
import type { VNode } from "preact";
import type { Problem, Recorded } from "./answer.ts";

const outcomes: Readonly<Record<string, string>> = {
  appended: "Recorded.",
  already: "It was so already: nothing was to be recorded.",
  repeated: "It was recorded before.",
};

export function recordedHtml(
  { outcome, state, events, leftOut }: Recorded,
  close: () => void,
): VNode {
  return html`<div class="recorded" role="status">
      <p>
        <strong>${outcomes[outcome] ?? "Recorded."}</strong
        >${state !== null && ` It is now: ${state}.`}
      </p>
      <ul>
        ${events.map((event) => html`<li>${eventLink(event)}</li>`)}
      </ul>
      ${leftOut.length > 0 && html`<p class="sub">It does not apply in ${leftOut.join(", ")}.</p>`}
    </div>
    <div class="send">
      <button
        type="button"
        class="primary"
        ref=${focusOnce}
        onClick=${(event: MouseEvent) => {
          if (event.detail <= 1) close();
        }}
      >
        Close
      </button>
    </div>`;
}

/** `elsewhere` are the errors that no field shows. */
export function problemHtml(problem: Problem, elsewhere: Problem["errors"]): VNode {
  const { title, event } = problem;
  return html`<div class="problem-box" role="alert" tabindex="-1" ref=${focusOnce}>
    <p><strong>${title}.</strong> ${detailOf(problem, elsewhere)}</p>
    ${
      elsewhere.length > 0 &&
      html`<ul>
        ${elsewhere.map(({ path, message }) => html`<li><code>${path}</code> ${message}</li>`)}
      </ul>`
    }
    ${event !== null && html`<p>The refusal is recorded: ${eventLink(event)}</p>`}
  </div>`;
}

/** Where fields say all that is wrong, it is not said again with the names that programs use. */
function detailOf({ detail, errors }: Problem, elsewhere: Problem["errors"]): string {
  const isSaidAtFields =
    elsewhere.length === 0 && errors.some(({ message }) => detail.includes(message));
  if (!isSaidAtFields) return detail;
  return errors.length === 1 ? "A field says why." : `${errors.length} fields say why.`;
}

function eventLink({
  id,
  type,
  sequence,
}: {
  readonly id: string;
  readonly type: string;
  readonly sequence: number | null;
}): VNode {
  return html`<a href=${`/events/${id}`}
    >${type}${sequence !== null && ` #${sequence.toLocaleString("en-GB")}`}</a
  >`;
}

/** Whoever works by keyboard is taken to what was answered, once. */
const focused = new WeakSet<Element>();
function focusOnce(element: HTMLElement | null): void {
  if (element === null || focused.has(element)) return;
  focused.add(element);
  element.focus();
}
