/** Buttons of decisions: each opens its form. Without this script the page shows the same as commands. */
import { html } from "htm/preact";
import { render } from "preact";
import type { DecisionForm } from "../../decisions/form.ts";
import type { Island } from "../page/island.ts";
import { openForm } from "./form-dialog.ts";

export function start(element: HTMLElement): Island {
  element.replaceChildren();
  show(element);
  return {
    update: (fresh) => {
      element.dataset["forms"] = fresh.dataset["forms"];
      show(element);
    },
    stop: () => render(null, element),
  };
}

function show(element: HTMLElement): void {
  const forms = JSON.parse(element.dataset["forms"] ?? "[]") as readonly DecisionForm[];
  render(
    forms.map(
      (form) =>
        html`<button
          type="button"
          key=${form.id}
          data-form=${form.id}
          aria-haspopup="dialog"
          onClick=${() => openForm(form, () => focusBack(element, form.id))}
        >
          ${form.button}
        </button>`,
    ),
    element,
  );
}

/** What was decided may have taken the button away; then the next one has the focus, or the page. */
function focusBack(element: HTMLElement, id: string): void {
  const buttons = [...element.querySelectorAll<HTMLElement>("button")];
  const same = buttons.find(({ dataset }) => dataset["form"] === id);
  (same ?? buttons[0] ?? document.querySelector<HTMLElement>("#main"))?.focus();
}
