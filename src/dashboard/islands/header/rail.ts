/** The rail of time: how many events there were when, corrections and seals as ticks, and a thumb to any position. */
import { instantWords, shownZone } from "../page/instant-words.ts";
import type { Island } from "../page/island.ts";
import type { History } from "./history.ts";
import { binAt, placeOf, readHistory } from "./history.ts";
import { drawHistory } from "./draw-history.ts";

/** The form that looks back without scripts gives way to the rail, but not while somebody is typing in it. */
export function start(track: HTMLElement): Island {
  const form = track.querySelector("form");
  if (form?.contains(document.activeElement) !== true) return new Rail(track);
  form.addEventListener("focusout", function left({ relatedTarget }) {
    // In another window's favour, the field keeps the focus.
    if (form.contains(relatedTarget as Node | null) || form.contains(document.activeElement))
      return;
    form.removeEventListener("focusout", left);
    void new Rail(track);
  });
  return {};
}

/** The histogram of a live page is read again at most this often. */
const freshMs = 10_000;

class Rail implements Island {
  readonly #slider = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #thumb = document.createElement("div");
  readonly #says = document.createElement("div");
  readonly #order = document.createElement("select");
  #history: History | null = null;
  #sequence: number;
  #readAt = 0;
  #reads = 0;
  #timer = 0;
  /** Where keys have moved the thumb; `null` while it is where the page is. */
  #moved: number | null = null;
  /** The position from which shift-drag compares; `null` while nothing is dragged. */
  #dragged: { readonly from: number; readonly isRange: boolean } | null = null;

  constructor(track: HTMLElement) {
    this.#sequence = Number(document.documentElement.dataset["sequence"]);
    this.#slider.className = "slider";
    this.#thumb.className = "thumb";
    this.#says.className = "says";
    this.#says.hidden = true;
    this.#slider.append(this.#canvas, this.#thumb, this.#says);
    this.#slider.tabIndex = 0;
    this.#slider.setAttribute("role", "slider");
    this.#slider.setAttribute(
      "aria-label",
      "Position in the ledger; Enter shows the page as of it",
    );
    // Until the history is read.
    for (const name of ["aria-valuemin", "aria-valuemax", "aria-valuenow"])
      this.#slider.setAttribute(name, String(this.#sequence));
    this.#order.setAttribute("aria-label", "What the rail counts by");
    for (const [value, words] of [
      ["recorded", "by recorded time"],
      ["sequence", "by sequence"],
    ] as const)
      this.#order.append(new Option(words, value));
    this.#order.value = localStorage.getItem("rail") ?? "recorded";
    track.replaceChildren(this.#slider, this.#order);
    this.#listen();
    void this.#read();
  }

  #listen(): void {
    this.#order.addEventListener("change", () => {
      localStorage.setItem("rail", this.#order.value);
      void this.#read();
    });
    this.#slider.addEventListener("pointerdown", (event) => this.#press(event));
    this.#slider.addEventListener("pointermove", (event) => this.#move(event));
    this.#slider.addEventListener("pointerup", (event) => this.#release(event));
    this.#slider.addEventListener("pointercancel", () => this.#cancel());
    this.#slider.addEventListener("pointerleave", () => {
      if (this.#dragged === null) this.#says.hidden = true;
    });
    this.#slider.addEventListener("keydown", (event) => this.#onKey(event));
    this.#slider.addEventListener("blur", () => this.#cancel());
    new ResizeObserver(() => this.#draw()).observe(this.#slider);
    document.addEventListener("themechange", () => this.#draw());
    document.addEventListener("positionchange", (event) => {
      this.#sequence = (event as CustomEvent<number>).detail;
      clearTimeout(this.#timer);
      const wait = Math.max(0, this.#readAt + freshMs - performance.now());
      this.#timer = setTimeout(() => void this.#read(), wait);
      this.#placeThumb();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    this.#readAt = performance.now();
    const read = ++this.#reads;
    const order = this.#order.value === "sequence" ? "sequence" : "recorded";
    const width = Math.max(60, Math.round(this.#slider.clientWidth / 2));
    const history = await readHistory(order, Math.min(2_048, width));
    // Another order may have been chosen meanwhile.
    if (history === null || read !== this.#reads) return;
    this.#history = history;
    sayBehind(history, this.#sequence);
    this.#draw();
  }

  #draw(): void {
    if (this.#history === null) return;
    drawHistory(this.#canvas, this.#history, this.#slider);
    this.#placeThumb();
  }

  /** Whoever moves it, by keys or by the pointer, does not lose it to an event. */
  #placeThumb(): void {
    if (this.#dragged === null) this.#place(this.#moved ?? this.#sequence);
  }

  #place(sequence: number): void {
    if (this.#history === null) return;
    this.#thumb.style.left = `${placeOf(this.#history, sequence) * 100}%`;
    this.#slider.setAttribute("aria-valuemin", "1");
    this.#slider.setAttribute("aria-valuemax", String(this.#history.head));
    this.#slider.setAttribute("aria-valuenow", String(sequence));
    this.#slider.setAttribute("aria-valuetext", this.#wordsOf(sequence));
  }

  #wordsOf(sequence: number): string {
    if (this.#history === null) return "";
    const at = binAt(this.#history, sequence).at;
    return `#${sequence.toLocaleString("en-GB")} · ${instantWords(at)} ${shownZone()}`;
  }

  /** The position under the pointer. */
  #positionAt({ clientX }: PointerEvent): number {
    const box = this.#slider.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    const history = this.#history;
    if (history === null) return this.#sequence;
    const bin = Math.min(
      history.lastSequence.length - 1,
      Math.floor(share * history.lastSequence.length),
    );
    return Math.max(1, share > 0.998 ? history.head : (history.lastSequence[bin] ?? history.head));
  }

  #press(event: PointerEvent): void {
    // Before it is known what lies where, a click leads nowhere.
    if (this.#history === null) return;
    this.#slider.setPointerCapture(event.pointerId);
    this.#dragged = { from: this.#positionAt(event), isRange: event.shiftKey };
    this.#move(event);
  }

  /** Shows where one would go; nothing is fetched before the pointer is released. */
  #move(event: PointerEvent): void {
    const position = this.#positionAt(event);
    const range = this.#dragged?.isRange === true ? `${this.#wordsOf(this.#dragged.from)} to ` : "";
    this.#say(`${range}${this.#wordsOf(position)}`, position);
    if (this.#dragged !== null)
      this.#thumb.style.left = `${placeOf(this.#history, position) * 100}%`;
  }

  #release(event: PointerEvent): void {
    const dragged = this.#dragged;
    if (dragged === null) return;
    this.#dragged = null;
    const position = this.#positionAt(event);
    if (dragged.isRange && dragged.from !== position) {
      const [from, to] = [dragged.from, position].sort((a, b) => a - b);
      goTo(`${from}..${to}`);
    } else this.#goTo(position);
  }

  #cancel(): void {
    this.#dragged = this.#moved = null;
    this.#says.hidden = true;
    this.#placeThumb();
  }

  #say(words: string, position: number): void {
    this.#says.textContent = words;
    this.#says.hidden = false;
    const left = placeOf(this.#history, position) * this.#slider.clientWidth;
    const most = this.#slider.clientWidth - this.#says.offsetWidth;
    this.#says.style.left = `${Math.min(most, Math.max(0, left - this.#says.offsetWidth / 2))}px`;
  }

  #goTo(position: number): void {
    goTo(this.#history !== null && position >= this.#history.head ? null : String(position));
  }

  /** Arrows move by a bin, Page by a tenth of the rail; Enter goes there. */
  #onKey(event: KeyboardEvent): void {
    const history = this.#history;
    if (history === null) return;
    const now = this.#moved ?? this.#sequence;
    const bins = history.lastSequence;
    const found = bins.findIndex((last) => last >= now);
    // An event may have come since the rail was read.
    const bin = found === -1 ? bins.length : found;
    const step = (count: number) =>
      bins[Math.min(bins.length - 1, Math.max(0, bin + count))] ?? now;
    const tenth = Math.ceil(bins.length / 10);
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: step(-1),
      ArrowRight: step(1),
      PageDown: step(-tenth),
      PageUp: step(tenth),
      Home: 1,
      End: history.head,
    };
    const position = to[event.key];
    if (position !== undefined) {
      this.#moved = position;
      this.#place(position);
      this.#say(this.#wordsOf(position), position);
    } else if (event.key === "Enter") this.#goTo(now);
    else if (event.key === "Escape") this.#cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** How far the page is behind the newest position: what the ledger has taken in since then. */
function sayBehind({ head, headAt }: History, sequence: number): void {
  const { dataset } = document.documentElement;
  dataset["head"] = String(head);
  dataset["headAt"] = String(headAt);
  const words = document.querySelector("#behind");
  if (words === null) return;
  const behind = Math.max(0, head - sequence);
  words.textContent = `${behind.toLocaleString("en-GB")} ${behind === 1 ? "event" : "events"} behind · `;
}

/** The same page as of another position; `null` is the newest. */
function goTo(position: string | null): void {
  const address = new URL(location.href);
  address.searchParams.delete("asOfTime");
  if (position === null) address.searchParams.delete("asOf");
  else address.searchParams.set("asOf", position);
  location.assign(address);
}
