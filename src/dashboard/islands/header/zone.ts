/** The choice of the zone in which times are shown: UTC, those of the clusters' terms, or the reader's own. */
import { onceClosed } from "../page/closed-dialog.ts";
import type { Island } from "../page/island.ts";

export function start(button: HTMLElement): Island {
  button.addEventListener("click", () => open(button));
  return {};
}

function open(button: HTMLElement): void {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const names = (button.dataset["zones"] ?? "").split(" ").filter((name) => name !== "");
  const choices = new Map([["UTC", "UTC"]]);
  for (const name of names) choices.set(name, `${name} (terms)`);
  if (!choices.has(own)) choices.set(own, `${own} (yours)`);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Time zone");
  const title = Object.assign(document.createElement("h2"), { textContent: "Show times in" });
  const list = document.createElement("ul");
  list.className = "choices";
  for (const [name, words] of choices) {
    const link = document.createElement("a");
    link.href = addressWith(name);
    link.textContent = words;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  dialog.append(title, list);
  onceClosed(dialog, () => button.focus());
  document.body.append(dialog);
  dialog.showModal();
}

function addressWith(zone: string): string {
  const address = new URL(location.href);
  if (zone === "UTC") address.searchParams.delete("zone");
  else address.searchParams.set("zone", zone);
  return address.href;
}
