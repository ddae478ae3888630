/** Puts panels in the place of their older selves without losing what the reader is doing in them. */
import { islandOf, startIslands } from "../page/island.ts";

/** What panels that are in use would be replaced by: the next round puts it there, once the reader has left them. */
const waiting = new Map<string, string>();

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
    const { fragment = "" } = panel.dataset;
    const text = fragments[fragment] ?? waiting.get(fragment);
    if (text === undefined) continue;
    const isWaiting = isInUse(panel);
    panel.toggleAttribute("data-waiting", isWaiting);
    if (isWaiting) waiting.set(fragment, text);
    else {
      waiting.delete(fragment);
      replace(panel, text);
    }
  }
  return true;
}

function replace(panel: HTMLElement, text: string): void {
  const template = document.createElement("template");
  template.innerHTML = text;
  const fresh = template.content.firstElementChild;
  if (!(fresh instanceof HTMLElement)) return;
  keepOpenFolds(panel, fresh);
  // Before anything is moved: what is moved loses the focus.
  const { activeElement } = document;
  const focus = focusPath(panel);
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
  // What an island kept is still there; of the rest, the element in the same place has the focus.
  const isKept = activeElement instanceof HTMLElement && fresh.contains(activeElement);
  const next = isKept ? activeElement : focusables(fresh)[focus];
  next?.focus({ preventScroll: true });
}

/** A field that is being filled in is not taken away. */
function isInUse(panel: HTMLElement): boolean {
  const active = document.activeElement;
  return (
    (panel.contains(active) &&
      active !== null &&
      active.matches("input, select, textarea, [contenteditable]")) ||
    panel.querySelector("dialog[open]") !== null
  );
}

function keepOpenFolds(panel: HTMLElement, fresh: HTMLElement): void {
  const before = [...panel.querySelectorAll("details")];
  [...fresh.querySelectorAll("details")].forEach((fold, i) => {
    if (before[i] !== undefined) fold.open = before[i].open;
  });
}

function focusables(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>("a, button, [tabindex], summary")];
}

function focusPath(panel: HTMLElement): number | null {
  const { activeElement } = document;
  if (activeElement === null || !panel.contains(activeElement)) return null;
  const index = focusables(panel).indexOf(activeElement as HTMLElement);
  return index === -1 ? null : index;
}
