/** Keys for everything that a mouse can do in the header; `?` lists them. */
import { toggleLive } from "../live/live.ts";
import { openZones } from "./zone-key.ts";
import { toggleTheme } from "./theme-button.ts";

const list: readonly (readonly [string, string])[] = [
  ["/", "find a node, job, rollout, zone or event"],
  ["g f", "fleet"],
  ["g n", "nodes"],
  ["g j", "jobs"],
  ["g r", "rollouts"],
  ["g p", "reports"],
  ["g a", "audit"],
  ["[ ]", "the period before, the period after"],
  ["+ -", "zoom in, zoom out"],
  [", .", "back and forth by an event"],
  ["< >", "back and forth by an hour"],
  ["l", "live, or standing still; from the past back to now"],
  ["t", "light or dark"],
  ["z", "time zone"],
  ["?", "this list"],
];

let isAfterG = false;

export function startKeyboard(): void {
  document.addEventListener("keydown", onKey);
  document.querySelector("#keys-button")?.addEventListener("click", showKeys);
}

function onKey(event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Right after a dialog was closed, the focus is still in it.
  const typing = "input, select, textarea, dialog[open], [contenteditable]";
  if (target !== null && target.closest(typing) !== null) return;
  const wasAfterG = isAfterG;
  isAfterG = event.key === "g" && !wasAfterG;
  if (wasAfterG ? goTo(event.key) : act(event.key)) event.preventDefault();
}

function goTo(key: string): boolean {
  return follow(`.bar nav a[data-key="${CSS.escape(key)}"]`);
}

function act(key: string): boolean {
  switch (key) {
    case "/":
      document.querySelector<HTMLInputElement>("#find")?.focus();
      return true;
    case "[":
      return follow('a[rel="prev"]');
    case "]":
      return follow('a[rel="next"]');
    case "+":
    case "=":
      return follow('main a[data-key="+"]');
    case "-":
      return follow('main a[data-key="-"]');
    case ",":
      return travel({ events: -1 });
    case ".":
      return travel({ events: 1 });
    case "<":
      return travel({ hours: -1 });
    case ">":
      return travel({ hours: 1 });
    case "l":
      if (!follow(".rail .behind a")) toggleLive();
      return true;
    case "t":
      toggleTheme();
      return true;
    case "z":
      openZones();
      return true;
    case "?":
      showKeys();
      return true;
    default:
      return false;
  }
}

function follow(selector: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(selector);
  link?.click();
  return link !== null;
}

const hourMs = 3_600_000;

/** Goes to another position of the same page; time is the ledger's own, which may differ from the browser's. */
function travel({ events, hours }: { readonly events?: number; readonly hours?: number }): boolean {
  const { sequence, head, headAt } = document.documentElement.dataset;
  const address = new URL(location.href);
  address.searchParams.delete("asOf");
  address.searchParams.delete("asOfTime");
  if (events !== undefined) {
    const next = Number(sequence) + events;
    const newest = head === undefined ? Infinity : Number(head);
    if (next < 1 || next > newest) return false;
    if (next < newest) address.searchParams.set("asOf", String(next));
  }
  if (hours !== undefined) {
    const recorded = document.querySelector("#when time")?.getAttribute("datetime");
    if (recorded === null || recorded === undefined) return false;
    const to = Date.parse(recorded) + hours * hourMs;
    if (hours > 0 && headAt === undefined) return false;
    if (hours < 0 || to < Number(headAt))
      address.searchParams.set("asOfTime", new Date(to).toISOString());
  }
  location.assign(address);
  return true;
}

function showKeys(): void {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Keyboard");
  const rows = list.map(([keys, words]) => {
    const term = document.createElement("dt");
    for (const key of keys.split(" "))
      term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    return [term, Object.assign(document.createElement("dd"), { textContent: words })];
  });
  const body = document.createElement("dl");
  body.className = "keys";
  body.append(...rows.flat());
  const close = Object.assign(document.createElement("button"), {
    textContent: "Close",
    type: "button",
  });
  close.addEventListener("click", () => dialog.close());
  dialog.append(
    Object.assign(document.createElement("h2"), { textContent: "Keyboard" }),
    body,
    close,
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
