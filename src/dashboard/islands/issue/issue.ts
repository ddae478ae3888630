/** Issues a report: a dialog that asks who and why, and says what the ledger answers. */
import { onceClosed } from "../page/closed-dialog.ts";
import type { Island } from "../page/island.ts";
import { pathSegment } from "../../../path-segment.ts";

interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

const fields = [
  ["cluster", "Cluster", true],
  ["period", "Period", true],
  ["actor", "Your name", false],
  ["reason", "Reason", false],
] as const;

export function start(element: HTMLElement): Island {
  const button = made("button", "primary", "Issue this report …");
  button.type = "button";
  button.addEventListener("click", () => open(element, button));
  element.replaceChildren(button);
  return {};
}

function open(element: HTMLElement, button: HTMLElement): void {
  const dialog = made("dialog", "issue");
  const form = made("form", "issue-form");
  form.noValidate = true;
  const title = made("h2", "", "Issue a report");
  title.id = "issue-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const words = made(
    "p",
    "sub",
    "The ledger keeps its hash and its position for good. Later facts never change it; they are shown beside it.",
  );
  const said = made("p", "problem");
  said.setAttribute("role", "alert");
  const { cluster = "", period = "" } = element.dataset;
  const given: Readonly<Record<string, string>> = { cluster, period };
  form.append(
    ...fields.map(([name, label, isNeeded]) => field(name, label, isNeeded, given[name])),
  );
  const cancel = made("button", "", "Cancel");
  cancel.type = "button";
  cancel.addEventListener("click", () => dialog.close());
  const send = made("button", "primary", "Issue");
  const buttons = made("div", "buttons");
  buttons.append(cancel, send);
  form.append(said, buttons);
  dialog.append(title, words, form);
  // One key for whatever is pressed in this dialog: however often it is sent, one report is issued.
  const key = randomKey();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    void issue(form, key).then((outcome) => {
      if ("report" in outcome) {
        location.assign(pageOf(element, outcome.report));
        return;
      }
      send.disabled = false;
      say(form, said, outcome);
    });
  });
  onceClosed(dialog, () => button.focus());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector<HTMLInputElement>("[name=actor]")?.focus();
}

function field(name: string, label: string, isNeeded: boolean, value = ""): HTMLElement {
  const line = made("label", "", label);
  const input = made("input", "");
  Object.assign(input, { name, value, required: isNeeded, autocomplete: "off" });
  const error = made("span", "error");
  error.id = `issue-${name}-error`;
  input.setAttribute("aria-describedby", error.id);
  line.append(input, error);
  return line;
}

async function issue(
  form: HTMLFormElement,
  key: string,
): Promise<Problem | { readonly report: string }> {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  try {
    const answer = await fetch("/v1/reports", {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(Object.fromEntries(filled)),
    });
    return (await answer.json()) as Problem | { readonly report: string };
  } catch {
    return {
      title: "The ledger did not answer",
      detail: "Press Issue again: it is issued once, even if it was issued already.",
    };
  }
}

/** The refusal in the ledger's words: at the fields that it names, and as a whole. */
function say(form: HTMLFormElement, said: HTMLElement, problem: Problem): void {
  said.textContent = `${problem.title}: ${problem.detail}`;
  const errors = new Map(
    (problem.errors ?? []).map(({ path, message }) => [path.split("/").at(-1), message]),
  );
  let first: HTMLInputElement | null = null;
  for (const input of form.querySelectorAll("input")) {
    const message = errors.get(input.name);
    input.setAttribute("aria-invalid", String(message !== undefined));
    const place = form.querySelector(`#issue-${input.name}-error`);
    if (place !== null) place.textContent = message ?? "";
    if (message !== undefined) first ??= input;
  }
  first?.focus();
}

function pageOf(element: HTMLElement, report: string): string {
  const address = new URL(element.dataset["report"] ?? "/reports/", location.origin);
  address.pathname += pathSegment(report);
  return address.href;
}

/** Random also where the address is not secure and `crypto.randomUUID` is missing. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  words = "",
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}
