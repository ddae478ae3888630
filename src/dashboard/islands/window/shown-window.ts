/** The window that a page shows: kept in its address, so that back works; the panels follow it. */
import { replacePanels } from "../live/replace-panels.ts";

export interface ShownWindow {
  readonly from: number;
  readonly to: number;
}

/** Sent to the document when the window changes; charts draw it at once, before the panels have come. */
export const windowChange = "windowchange";

let renewing: AbortController | null = null;

/** The window that the address names; `null` if it names a period, or none. */
function windowOfAddress(): ShownWindow | null {
  const { searchParams } = new URL(location.href);
  const [from, to] = ["from", "to"].map((name) => Date.parse(searchParams.get(name) ?? ""));
  if (from === undefined || to === undefined || !(from < to)) return null;
  return { from, to };
}

/** Shows another window, or with `null` the page's whole period again. */
export function showWindow(window: ShownWindow | null): void {
  const address = new URL(location.href);
  for (const name of ["from", "to"] as const) {
    if (window === null) address.searchParams.delete(name);
    else address.searchParams.set(name, new Date(window[name]).toISOString());
  }
  if (window !== null) {
    // The window takes the period's place; the whole period is where the zoom began.
    const period = address.searchParams.get("period");
    if (period !== null) zoomedFrom = period;
    address.searchParams.delete("period");
  } else if (zoomedFrom !== null) address.searchParams.set("period", zoomedFrom);
  if (address.href === location.href) return;
  history.pushState(null, "", address);
  follow();
}

/** The period that the first zoom left. */
let zoomedFrom: string | null = null;

let isFollowing = false;

/** Follows the reader back and forth through the windows. */
export function followAddress(): void {
  if (isFollowing) return;
  isFollowing = true;
  addEventListener("popstate", follow);
}

function follow(): void {
  document.dispatchEvent(new CustomEvent(windowChange, { detail: windowOfAddress() }));
  void renewPanels();
}

/** Puts the panels of the present address in the place of those shown. */
async function renewPanels(): Promise<void> {
  renewing?.abort();
  const round = new AbortController();
  renewing = round;
  const main = document.querySelector("#main");
  main?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(location.href, { signal: round.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const panels = [...fresh.querySelectorAll<HTMLElement>("main [data-fragment]")];
    const fragments = Object.fromEntries(
      panels.map((panel) => [panel.dataset["fragment"] ?? "", panel.outerHTML]),
    );
    if (!replacePanels(Object.keys(fragments), fragments)) location.reload();
  } catch (error) {
    // A lost connection is told by the header; the panels come with the next window.
    if (round.signal.aborted || error instanceof TypeError) return;
    throw error;
  } finally {
    if (renewing === round) {
      renewing = null;
      main?.removeAttribute("aria-busy");
    }
  }
}
