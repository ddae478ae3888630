/** A decision's form in a dialog: what is filled in, what the ledger answered, and what it recorded. */
import { html } from "htm/preact";
import type { VNode } from "preact";
import { Component, render } from "preact";
import type { DecisionForm } from "../../decisions/form.ts";
import { showPosition } from "../live/live.ts";
import { onceClosed } from "../page/closed-dialog.ts";
import type { Problem, Recorded } from "./answer.ts";
import { ask, send } from "./answer.ts";
import type { Value, Values } from "./body.ts";
import { bodyOf, startingValues } from "./body.ts";
import { fieldsHtml, isAtField } from "./fields.ts";
import type { Preview } from "./preview.ts";
import { previewHtml } from "./preview.ts";
import { problemHtml, recordedHtml } from "./outcome.ts";

const actorKey = "actor";

/** Opens the form; when it has closed, `giveBack` puts the focus where it was. */
export function openForm(form: DecisionForm, giveBack: () => void): void {
  const dialog = document.createElement("dialog");
  dialog.className = "decision";
  dialog.setAttribute("aria-labelledby", "decision-title");
  document.body.append(dialog);
  render(html`<${FormDialog} form=${form} close=${() => dialog.close()} />`, dialog);
  onceClosed(dialog, giveBack);
  dialog.addEventListener("close", () => render(null, dialog));
  dialog.showModal();
}

interface Props {
  readonly form: DecisionForm;
  readonly close: () => void;
}

interface State {
  readonly values: Values;
  readonly isSending: boolean;
  readonly problem: Problem | null;
  readonly unanswered: string | null;
  readonly preview: Preview | null;
  readonly recorded: Recorded | null;
}

class FormDialog extends Component<Props, State> {
  override state: State = {
    values: startingValues(this.props.form.fields, localStorage.getItem(actorKey) ?? ""),
    isSending: false,
    problem: null,
    unanswered: null,
    preview: null,
    recorded: null,
  };

  /** Under one key a command is decided once, however often it is sent; each answer begins another one. */
  #key = newKey();
  #isSending = false;

  readonly #change = (key: string, value: Value): void => {
    this.setState(({ values }) => ({ values: { ...values, [key]: value }, preview: null }));
  };

  /** Whether it must be previewed first: every change takes the preview away, so that it is of the body that is sent. */
  #isUnseen(): boolean {
    return this.props.form.preview !== undefined && this.state.preview === null;
  }

  #body(): Record<string, unknown> {
    const { fields, fixed } = this.props.form;
    return bodyOf(fields, this.state.values, fixed);
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.#isSending) return;
    // A disabled button cannot be the one that the Enter key presses: until it was seen, that is the preview's.
    if (this.#isUnseen()) {
      await this.#preview();
      return;
    }
    this.#isSending = true;
    this.setState({ isSending: true });
    const body = this.#body();
    if (typeof body["actor"] === "string") localStorage.setItem(actorKey, body["actor"]);
    const answer = await send(this.props.form.address, body, this.#key);
    this.#isSending = false;
    if (answer.kind === "unanswered") {
      this.setState({ isSending: false, unanswered: answer.why, problem: null });
      return;
    }
    this.#key = newKey();
    const recorded = answer.kind === "recorded" ? answer.recorded : null;
    const problem = answer.kind === "refused" ? answer.problem : null;
    const sequence = recorded?.sequence ?? problem?.event?.sequence ?? null;
    if (sequence !== null) showPosition(sequence);
    this.setState({ isSending: false, unanswered: null, recorded, problem, preview: null });
  };

  readonly #preview = async (): Promise<void> => {
    const { preview } = this.props.form;
    if (preview === undefined || this.#isSending) return;
    this.#isSending = true;
    this.setState({ isSending: true });
    try {
      const answer = await ask<Preview>(preview, this.#body());
      const isPreview = "occurrences" in answer;
      this.setState({
        preview: isPreview ? answer : null,
        problem: isPreview ? null : answer,
        unanswered: null,
      });
    } catch (error) {
      this.setState({ unanswered: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#isSending = false;
      this.setState({ isSending: false });
    }
  };

  override render({ form, close }: Props, state: State): VNode {
    const { recorded } = state;
    return html`<h2 id="decision-title">${form.title}</h2>
      ${recorded === null ? this.#form(form, close, state) : recordedHtml(recorded, close)}`;
  }

  #form(form: DecisionForm, close: () => void, state: State): VNode {
    const { values, problem, unanswered, isSending, preview } = state;
    const errors = problem?.errors ?? [];
    const isUnseen = this.#isUnseen();
    const elsewhere = errors.filter(({ path }) => !isAtField(form.fields, path));
    return html`<form novalidate onSubmit=${this.#submit} aria-busy=${isSending}>
      ${form.about !== undefined && html`<p class="sub">${form.about}</p>`}
      ${problem !== null && problemHtml(problem, elsewhere)}
      ${
        unanswered !== null &&
        html`<div class="problem-box" role="alert">
          <strong>No answer came.</strong> Whether it was recorded is not known: send it again, and
          it is decided once. <span class="sub">(${unanswered})</span>
        </div>`
      }
      <div class="fields">
        ${fieldsHtml({
          fields: form.fields,
          values,
          prefix: `decide-${form.id}-`,
          within: "",
          errors,
          change: this.#change,
        })}
      </div>
      ${preview !== null && previewHtml(preview)}
      ${
        isUnseen &&
        html`<p class="sub" id="decision-unseen">
          Preview it first: it says when it is in force, and which rollouts would wait.
        </p>`
      }
      <div class="send">
        <button type="button" onClick=${close}>Close</button>
        ${
          form.preview !== undefined &&
          html`<button
            type=${isUnseen ? "submit" : "button"}
            class=${isUnseen ? "primary" : ""}
            disabled=${isSending}
            onClick=${isUnseen ? undefined : this.#preview}
          >
            Preview
          </button>`
        }
        <button
          type=${isUnseen ? "button" : "submit"}
          class=${isUnseen ? "" : form.isFinal === true ? "primary final" : "primary"}
          disabled=${isSending || isUnseen}
          aria-describedby=${isUnseen ? "decision-unseen" : undefined}
          onClick=${(event: MouseEvent) => {
            // The second of a double click is no second wish.
            if (event.detail > 1) event.preventDefault();
          }}
        >
          ${form.send}
        </button>
      </div>
    </form>`;
  }
}

/** Also where the page has no secure address, and so no UUIDs. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
