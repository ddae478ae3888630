/** Finds nodes, jobs, rollouts, zones and events by name or id, as the reader types. */
import { ask } from "../page/ask.ts";
import type { Island } from "../page/island.ts";

interface Hit {
  readonly kind: string;
  readonly name: string;
  readonly cluster: string | null;
  readonly href: string;
}

const pauseMs = 120;

export function start(form: HTMLElement): Island {
  const input = form.querySelector<HTMLInputElement>("input[name=q]");
  if (input === null) return {};
  const list = emptyList();
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  let timer = 0;
  let asked = 0;
  let chosen = -1;
  /** What was typed when the present list was asked for. */
  let listed = "";
  const options = () => [...list.querySelectorAll<HTMLAnchorElement>("[role=option]")];
  const show = (isShown: boolean) => {
    list.hidden = !isShown;
    input.setAttribute("aria-expanded", String(isShown));
  };
  const choose = (index: number) => {
    const all = options();
    chosen = all.length === 0 ? -1 : (index + all.length) % all.length;
    all.forEach((each, i) => each.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen]?.id ?? "");
    all[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const search = async () => {
    const q = input.value.trim();
    if (q === "") return show(false);
    const mine = ++asked;
    const answer = await ask(addressOf(q));
    if (answer?.ok !== true) return;
    const { hits } = (await answer.json()) as { hits: readonly Hit[] };
    // Who has typed more meanwhile, or has left the field, is not shown it.
    if (mine !== asked || document.activeElement !== input) return;
    listed = q;
    list.replaceChildren(...(hits.length === 0 ? [nothing(q)] : hits.map(option)));
    choose(hits.length === 0 ? -1 : 0);
    show(true);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void search(), pauseMs);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") {
      show(false);
      input.blur();
      return;
    } else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    const hit = options()[Math.max(0, chosen)];
    // Whoever types faster than the list comes gets the page of what is found.
    if (hit === undefined || list.hidden || listed !== input.value.trim()) return;
    event.preventDefault();
    hit.click();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target as Node)) show(false);
  });
  // Somebody may have typed before this script had come.
  if (document.activeElement === input && input.value !== input.defaultValue) void search();
  return {};
}

function emptyList(): HTMLElement {
  const list = document.createElement("div");
  list.className = "hits";
  list.id = "find-hits";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  list.hidden = true;
  return list;
}

/** Where what goes by a name is found, as of the page's position. */
function addressOf(q: string): URL {
  const address = new URL("/v1/find", location.origin);
  address.searchParams.set("q", q);
  const position = pastPosition();
  if (position !== null) address.searchParams.set("asOf", position);
  return address;
}

/** `null` if the page is live. */
function pastPosition(): string | null {
  const { classList, dataset } = document.documentElement;
  return classList.contains("past") ? (dataset["sequence"] ?? null) : null;
}

function option({ kind, name, cluster, href }: Hit, index: number): HTMLElement {
  const link = document.createElement("a");
  link.id = `hit-${index}`;
  link.setAttribute("role", "option");
  link.tabIndex = -1;
  const address = new URL(href, location.origin);
  const here = new URL(location.href).searchParams;
  const kept = { asOf: pastPosition(), zone: here.get("zone") };
  for (const [parameter, value] of Object.entries(kept))
    if (value !== null) address.searchParams.set(parameter, value);
  link.href = address.href;
  const words = document.createElement("span");
  words.textContent = name;
  const what = document.createElement("span");
  what.className = "sub";
  const kindWords = kind === "nfz" ? "no-fly zone" : kind;
  what.textContent =
    cluster === null || kind === "cluster" ? kindWords : `${kindWords} in ${cluster}`;
  link.append(words, what);
  return link;
}

function nothing(q: string): HTMLElement {
  const words = document.createElement("p");
  words.className = "empty";
  words.textContent = `Nothing begins with or contains "${q}".`;
  return words;
}
