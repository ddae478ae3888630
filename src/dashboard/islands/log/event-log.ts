/**
 * The event log as one long list: only the rows in sight are in the document, further pages are fetched as one scrolls, and
 * of those that were read only some stay in memory. Rows are the server's own, so that they say the same without scripts.
 */
import { Fragment, h, render } from "preact";
import type { VNode } from "preact";
import type { Island } from "../page/island.ts";
import { LogPages, readPage } from "./log-pages.ts";

export function start(element: HTMLElement): Island {
  const box = element.querySelector<HTMLElement>(".log-box");
  const table = box?.querySelector("table");
  const body = table?.tBodies[0];
  if (box === null || table === null || table === undefined || body === undefined) return {};
  return new EventLog(element, box, table, body);
}

/** Rows beyond those in sight, so that scrolling shows no gaps. */
const beyond = 12;

class EventLog implements Island {
  readonly #element: HTMLElement;
  readonly #box: HTMLElement;
  readonly #table: HTMLTableElement;
  readonly #body: HTMLTableSectionElement;
  readonly #says: HTMLElement | null;
  readonly #rowHeight: number;
  #pages: LogPages;
  #chosen = -1;
  #fresh: HTMLElement | null = null;
  #scrolled = 0;
  readonly #resized = new ResizeObserver(() => this.#draw());

  constructor(
    element: HTMLElement,
    box: HTMLElement,
    table: HTMLTableElement,
    body: HTMLTableSectionElement,
  ) {
    [this.#element, this.#box, this.#table, this.#body] = [element, box, table, body];
    this.#says = element.querySelector(".log-says");
    this.#rowHeight = body.rows[0]?.getBoundingClientRect().height ?? 34;
    this.#pages = new LogPages(readPage(element));
    body.replaceChildren();
    box.classList.add("moving");
    box.removeAttribute("tabindex");
    table.tabIndex = 0;
    table.setAttribute("role", "grid");
    table.setAttribute(
      "aria-label",
      "Events: arrows choose one, Enter opens it, Home and End go to the first and the last",
    );
    table.addEventListener("keydown", (event) => this.#onKey(event));
    body.addEventListener("click", (event) => this.#onClick(event));
    box.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.#draw();
    this.#resized.observe(box);
  }

  stop(): void {
    this.#resized.disconnect();
  }

  /**
   * New events come in at the top if the reader is there and has chosen none; else they are offered. The panel is being
   * put in its place anew, which forgets how far it was scrolled.
   */
  update(fresh: HTMLElement): void {
    const scrolled = this.#scrolled;
    queueMicrotask(() => {
      this.#box.scrollTop = scrolled;
      if (this.#element.dataset["isFirst"] !== "yes") return this.#draw();
      this.#fresh = fresh;
      if (scrolled < this.#rowHeight && this.#chosen < 0) return this.#takeFresh();
      this.#draw();
      this.#say(true);
    });
  }

  #takeFresh(): void {
    if (this.#fresh === null) return;
    this.#pages = new LogPages(readPage(this.#fresh));
    this.#fresh = null;
    this.#box.scrollTop = 0;
    this.#draw();
    this.#say();
  }

  readonly #draw = (): void => {
    const { scrollTop, clientHeight } = this.#box;
    this.#scrolled = scrollTop;
    const total = this.#pages.count;
    const first = Math.max(0, Math.floor(scrollTop / this.#rowHeight) - beyond);
    const last = Math.min(total, Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + beyond);
    const rows: VNode[] = [];
    for (let i = first; i < last; i++) rows.push(this.#row(i));
    render(h(Fragment, null, this.#space(first), rows, this.#space(total - last)), this.#body);
    this.#table.setAttribute("aria-rowcount", this.#pages.isWhole ? String(total + 1) : "-1");
    void this.#fill(first, last);
  };

  async #fill(first: number, last: number): Promise<void> {
    try {
      if (!(await this.#pages.fill(first, last))) return;
    } catch (error) {
      this.#tell(
        `Further events could not be read: ${error instanceof Error ? error.message : ""}`,
      );
      return;
    }
    this.#draw();
    this.#say(this.#fresh !== null);
  }

  #row(i: number): VNode {
    const html = this.#pages.row(i);
    const isChosen = i === this.#chosen;
    return h("tr", {
      key: i,
      id: `event-${i}`,
      class: isChosen ? "chosen" : undefined,
      "aria-rowindex": i + 2,
      "aria-selected": isChosen ? "true" : "false",
      dangerouslySetInnerHTML: { __html: html ?? '<td colspan="5">…</td>' },
    });
  }

  #space(rows: number): VNode | null {
    if (rows <= 0) return null;
    const style = { height: `${rows * this.#rowHeight}px` };
    return h("tr", { class: "space", "aria-hidden": "true" }, h("td", { colSpan: 5, style }));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#rowHeight) - 2);
    const at = Math.max(0, this.#chosen);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: this.#chosen + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#pages.count - 1,
    };
    const next = to[event.key];
    if (next !== undefined) this.#choose(next);
    else if (event.key === "Enter") this.#rowElement()?.querySelector("a")?.click();
    else return;
    event.preventDefault();
  }

  #onClick(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest("tr") : null;
    const index = /^event-(\d+)$/.exec(row?.id ?? "")?.[1];
    if (index !== undefined) this.#choose(Number(index));
  }

  #choose(index: number): void {
    this.#chosen = Math.min(Math.max(0, index), this.#pages.count - 1);
    const head = this.#table.tHead?.getBoundingClientRect().height ?? 0;
    const top = this.#chosen * this.#rowHeight;
    const { scrollTop, clientHeight } = this.#box;
    if (top < scrollTop) this.#box.scrollTop = top;
    else if (top + this.#rowHeight + head > scrollTop + clientHeight)
      this.#box.scrollTop = top + this.#rowHeight + head - clientHeight;
    this.#draw();
    this.#table.setAttribute("aria-activedescendant", `event-${this.#chosen}`);
  }

  #rowElement(): HTMLElement | null {
    return this.#body.querySelector<HTMLElement>(`#event-${this.#chosen}`);
  }

  #say(isNewer = false): void {
    const { count, isWhole } = this.#pages;
    if (!isNewer) {
      this.#tell(`${count.toLocaleString("en-GB")} events read${isWhole ? ", which is all" : ""}`);
      return;
    }
    // The offer is made once: it may have the focus.
    if (this.#says?.querySelector("button")) return;
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      textContent: "Show newer events",
    });
    button.addEventListener("click", () => {
      this.#chosen = -1;
      this.#takeFresh();
      this.#table.focus();
    });
    this.#says?.replaceChildren(button);
  }

  #tell(words: string): void {
    if (this.#says !== null) this.#says.textContent = words;
  }
}
