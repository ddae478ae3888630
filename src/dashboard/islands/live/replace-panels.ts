/** Puts panels in the place of their older selves without losing what the reader is doing in them. */
import { islandOf, startIslands } from "../page/island.ts";

/** What panels that are in use would be replaced by: the next round puts it there, once the reader has left them. */
const waiting = new Map<string, { readonly text: string; readonly search: string }>();

/** `undefined` also if the page shows another window by now. */
function waitingFor({ dataset }: HTMLElement): string | undefined {
  const { text, search } = waiting.get(dataset["fragment"] ?? "") ?? {};
  return search === location.search ? text : undefined;
}

/** What a pointer is held down on: if it were taken away before it is let go, it would not be clicked. */
let held: Element | null = null;

const fieldKinds = "input, select, textarea, [contenteditable]";

// A field has the focus by then; and a list that opens from it may take the end of the press for itself.
const press = ({ target }: PointerEvent) =>
  (held = target instanceof Element && !target.matches(fieldKinds) ? target : null);
addEventListener("pointerdown", press, { capture: true });
// A menu ends the press, too. The click follows in the same task.
for (const end of ["pointerup", "pointercancel", "contextmenu"])
  addEventListener(end, () => setTimeout(letGo), { capture: true });

/** Whoever has clicked is done with the panel: it need not wait for a round, which may never come in the past. */
function letGo(): void {
  held = null;
  for (const panel of document.querySelectorAll<HTMLElement>("main [data-waiting]")) {
    const text = waitingFor(panel);
    if (text !== undefined) renew(panel, text);
  }
}

/** False if the page has other panels than those named: then it must be laid out anew. */
export function replacePanels(
  ids: readonly string[],
  fragments: Readonly<Record<string, string>>,
): boolean {
  const shown = [...document.querySelectorAll<HTMLElement>("main [data-fragment]")];
  const names = new Set(shown.map(({ dataset }) => dataset["fragment"]));
  if (names.size !== ids.length || ids.some((id) => !names.has(id))) return false;
  const banners = document.querySelector("#banners");
  if (banners !== null && fragments["banners"] !== undefined) {
    const fresh = fragments["banners"];
    if (banners.innerHTML.trim() !== fresh.trim()) banners.innerHTML = fresh;
  }
  for (const panel of shown) {
    const text = fragments[panel.dataset["fragment"] ?? ""] ?? waitingFor(panel);
    if (text !== undefined) renew(panel, text);
  }
  return true;
}

function renew(panel: HTMLElement, text: string): void {
  const { fragment = "" } = panel.dataset;
  const isWaiting = isInUse(panel);
  panel.toggleAttribute("data-waiting", isWaiting);
  if (isWaiting) waiting.set(fragment, { text, search: location.search });
  else {
    waiting.delete(fragment);
    replace(panel, text);
  }
}

function replace(panel: HTMLElement, text: string): void {
  const template = document.createElement("template");
  template.innerHTML = text;
  const fresh = template.content.firstElementChild;
  if (!(fresh instanceof HTMLElement)) return;
  keepOpenFolds(panel, fresh);
  keepChoices(panel, fresh);
  // Before anything is moved: what is moved loses the focus.
  const { activeElement } = document;
  const focus = focusIn(panel);
  const kept = new Map<string, HTMLElement>();
  for (const island of panel.querySelectorAll<HTMLElement>("[data-island-key]"))
    kept.set(island.dataset["islandKey"] ?? "", island);
  for (const place of fresh.querySelectorAll<HTMLElement>("[data-island-key]")) {
    const old = kept.get(place.dataset["islandKey"] ?? "");
    if (old === undefined) continue;
    kept.delete(place.dataset["islandKey"] ?? "");
    const written = place.cloneNode(true) as HTMLElement;
    place.replaceWith(old);
    islandOf(old)?.update?.(written);
  }
  for (const gone of panel.querySelectorAll<HTMLElement>("[data-island]"))
    if (!fresh.contains(gone)) islandOf(gone)?.stop?.();
  panel.replaceWith(fresh);
  startIslands(fresh);
  if (focus === null) return;
  // What an island kept is still there.
  const isKept = activeElement instanceof HTMLElement && fresh.contains(activeElement);
  const next = isKept ? activeElement : focusAgain(fresh, focus);
  next?.focus({ preventScroll: true });
}

/** Neither a field that is being filled in nor what is being clicked is taken away. */
function isInUse(panel: HTMLElement): boolean {
  const active = document.activeElement;
  return (
    (held !== null && panel.contains(held)) ||
    (panel.contains(active) && active !== null && active.matches(fieldKinds)) ||
    panel.querySelector("dialog[open]") !== null
  );
}

function keepOpenFolds(panel: HTMLElement, fresh: HTMLElement): void {
  const before = [...panel.querySelectorAll("details")];
  [...fresh.querySelectorAll("details")].forEach((fold, i) => {
    if (before[i] !== undefined) fold.open = before[i].open;
  });
}

/** What is chosen in a form, but not yet sent, stays chosen. */
function keepChoices(panel: HTMLElement, fresh: HTMLElement): void {
  const before = fields(panel);
  for (const [i, field] of fields(fresh).entries()) {
    const old = before[i];
    if (old === undefined || old.name !== field.name || old.value === valueAtFirst(old)) continue;
    const { value } = old;
    if (field instanceof HTMLInputElement) field.value = value;
    else for (const option of field.options) if (option.value === value) option.selected = true;
  }
}

function fields(panel: HTMLElement): (HTMLInputElement | HTMLSelectElement)[] {
  return [...panel.querySelectorAll<HTMLInputElement>("input:not([type=hidden]), select")];
}

function valueAtFirst(field: HTMLInputElement | HTMLSelectElement): string | undefined {
  if (field instanceof HTMLInputElement) return field.defaultValue;
  const options = [...field.options];
  return (options.find(({ defaultSelected }) => defaultSelected) ?? options[0])?.value;
}

function focusables(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>("a, button, [tabindex], summary")];
}

interface Focus {
  readonly index: number;
  /** Where the link leads, or all that is written of another control. */
  readonly what: string;
}

const whatIs = (element: HTMLElement | undefined): string | undefined =>
  element?.getAttribute("href") ?? element?.outerHTML;

function focusIn(panel: HTMLElement): Focus | null {
  const all = focusables(panel);
  const index = all.findIndex((each) => each === document.activeElement);
  return index === -1 ? null : { index, what: whatIs(all[index]) ?? "" };
}

/** The same control, which may stand elsewhere now; if it is gone, what is in its place. */
function focusAgain(fresh: HTMLElement, { index, what }: Focus): HTMLElement | undefined {
  const all = focusables(fresh);
  const there = all[index];
  return whatIs(there) === what ? there : (all.find((each) => whatIs(each) === what) ?? there);
}
