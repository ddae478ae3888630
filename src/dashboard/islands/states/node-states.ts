/** The states of nodes over time on a canvas: one tab stop, whose arrows, clicks and pointer name a cell. */
import { ask, bodyOf } from "../page/ask.ts";
import type { Island } from "../page/island.ts";
import { cellWords } from "./cell-words.ts";
import { drawGrid } from "./draw-grid.ts";
import type { Grid } from "./grid.ts";
import { readGrid } from "./grid.ts";
import type { RowIndex } from "./rack-names.ts";
import { hasRackNames, nameRacks, readRows, sayScale } from "./rack-names.ts";
import type { ShownWindow } from "../window/shown-window.ts";
import { windowChange } from "../window/shown-window.ts";
import { pathSegment } from "../../../path-segment.ts";

export function start(element: HTMLElement): Island {
  return new NodeStates(element);
}

/** The picture is asked for again at most this often while the page is live. */
const freshMs = 5_000;

class NodeStates implements Island {
  readonly #element: HTMLElement;
  readonly #canvas = document.createElement("canvas");
  readonly #cell = document.createElement("div");
  readonly #says = document.createElement("div");
  /** Where the cell is that the page's address marks. */
  readonly #mark = document.createElement("div");
  readonly #status = document.createElement("p");
  readonly #resized = new ResizeObserver(() => {
    if (this.#element.clientWidth !== this.#width) void this.#load();
  });
  #grid: Grid | null = null;
  #index: RowIndex | null = null;
  /** Start of the window that was asked for last, milliseconds. */
  #askedFrom = Number.NaN;
  #round = 0;
  #loadedAt = 0;
  #timer = 0;
  #width = 0;
  readonly #boxHeight: number;
  #at: { row: number; column: number } | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#boxHeight = element.clientHeight;
    const { label = "Node states" } = element.dataset;
    this.#cell.className = "cell";
    this.#mark.className = "cell marked-cell";
    this.#mark.hidden = true;
    this.#says.className = "cell-says";
    this.#status.className = "hidden";
    this.#status.setAttribute("role", "status");
    this.#cell.hidden = this.#says.hidden = true;
    element.replaceChildren(this.#canvas, this.#mark, this.#cell, this.#says, this.#status);
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    element.setAttribute("aria-roledescription", "map of node states");
    element.setAttribute(
      "aria-label",
      `${label}: arrows move by node and column, Enter opens the node`,
    );
    element.addEventListener("keydown", (event) => this.#onKey(event));
    element.addEventListener("pointermove", (event) => this.#point(event));
    element.addEventListener("pointerleave", () => this.#leave());
    element.addEventListener("click", (event) => {
      this.#point(event);
      void this.#open();
    });
    element.addEventListener("blur", () => this.#leave());
    document.addEventListener("themechange", this.#draw);
    if (element.dataset["follows"] === "window")
      document.addEventListener(windowChange, this.#onWindow);
    this.#resized.observe(element);
  }

  /** Another window is asked for at once, without waiting for the panel. */
  readonly #onWindow = (event: Event): void => {
    const window = (event as CustomEvent<ShownWindow | null>).detail;
    if (window === null) return;
    const address = new URL(this.#element.dataset["src"] ?? "", location.origin);
    for (const name of ["from", "to"] as const)
      address.searchParams.set(name, new Date(window[name]).toISOString());
    this.#element.dataset["src"] = `${address.pathname}${address.search}`;
    void this.#load();
  };

  update(fresh: HTMLElement): void {
    const isOtherWindow = fromOf(fresh.dataset["src"]) !== this.#askedFrom;
    for (const [name, value] of Object.entries(fresh.dataset)) this.#element.dataset[name] = value;
    clearTimeout(this.#timer);
    const wait = isOtherWindow ? 0 : Math.max(0, this.#loadedAt + freshMs - performance.now());
    this.#timer = setTimeout(() => void this.#load(), wait);
    // A panel that was rendered anew has lost what is written beside the picture.
    if (this.#grid !== null) void this.#nameBeside();
  }

  stop(): void {
    this.#resized.disconnect();
    clearTimeout(this.#timer);
    document.removeEventListener("themechange", this.#draw);
    document.removeEventListener(windowChange, this.#onWindow);
  }

  async #load(): Promise<void> {
    this.#loadedAt = performance.now();
    const { clientWidth } = this.#element;
    if (clientWidth === 0) return;
    this.#width = clientWidth;
    const address = new URL(this.#element.dataset["src"] ?? "", location.origin);
    const pixels = (length: number, most: number) =>
      String(Math.min(most, Math.round(length * devicePixelRatio)));
    address.searchParams.set("w", pixels(clientWidth, 2_048));
    address.searchParams.set("h", pixels(this.#boxHeight, 1_200));
    this.#askedFrom = fromOf(address.href);
    const round = ++this.#round;
    const answer = await ask(address);
    const bytes = answer?.ok === true ? await bodyOf(answer) : null;
    if (round !== this.#round) return; // A later window was asked for meanwhile.
    if (bytes === null) {
      this.#status.className = "empty";
      const isLost = answer === null || answer.ok;
      const why = isLost ? "the ledger is not reached" : `status ${answer.status}`;
      this.#status.textContent = `The states could not be read: ${why}. They are asked for again in a few seconds.`;
      this.#timer = setTimeout(() => void this.#load(), freshMs);
      return;
    }
    this.#grid = readGrid(bytes, this.#askedFrom);
    this.#index = null;
    this.#status.className = "hidden";
    this.#draw();
    this.#element.dataset["drawn"] = address.href;
    await this.#nameBeside();
    await this.#showMark();
  }

  /** Draws the marked cell and says what it is, where this picture has it. */
  async #showMark(): Promise<void> {
    const { markedNode, markedAt } = this.#element.dataset;
    const grid = this.#grid;
    this.#mark.hidden = true;
    if (grid === null || markedNode === undefined) return;
    const rows = (await this.#askIndex())?.rows ?? [];
    if (grid !== this.#grid) return;
    const row = rows.findIndex(({ nodes }) => nodes.includes(markedNode));
    const column = grid.columnAt(Number(markedAt));
    if (row < 0 || column === null) return;
    this.#place(this.#mark, row, column);
    this.#mark.hidden = false;
    this.#status.textContent = `Marked: ${cellWords(grid, rows, { row, column }).join(", ")}`;
  }

  /** Names of racks and the scale, where the page has a place for them. */
  async #nameBeside(): Promise<void> {
    const { islandKey: key = "" } = this.#element.dataset;
    const grid = this.#grid;
    if (grid !== null) sayScale(key, grid);
    if (!hasRackNames(key)) return;
    const index = await this.#askIndex();
    if (index === null || grid !== this.#grid) return;
    nameRacks(key, index, this.#element.clientHeight);
  }

  readonly #draw = (): void => {
    if (this.#grid === null) return;
    drawGrid(this.#canvas, this.#grid, this.#element);
    // A row is a whole number of pixels, so that no row looks thicker than another.
    const pixels = this.#boxHeight * devicePixelRatio;
    const perRow = Math.max(1, Math.floor(pixels / Math.max(1, this.#grid.height)));
    this.#canvas.style.height = `${(this.#grid.height * perRow) / devicePixelRatio}px`;
    this.#element.style.height = this.#canvas.style.height;
  };

  #point({ clientX, clientY }: MouseEvent): void {
    const grid = this.#grid;
    if (grid === null || grid.height === 0) return;
    const box = this.#element.getBoundingClientRect();
    const column = Math.floor(((clientX - box.left) / box.width) * grid.width);
    const row = Math.floor(((clientY - box.top) / box.height) * grid.height);
    this.#go(row, column);
  }

  #go(row: number, column: number): void {
    const grid = this.#grid;
    if (grid === null || grid.height === 0) return;
    this.#at = {
      row: Math.min(grid.height - 1, Math.max(0, row)),
      column: Math.min(grid.width - 1, Math.max(0, column)),
    };
    void this.#say(this.#at);
  }

  #leave(): void {
    this.#cell.hidden = this.#says.hidden = true;
  }

  async #say({ row, column }: { row: number; column: number }): Promise<void> {
    const grid = this.#grid;
    if (grid === null) return;
    const [wide, high] = this.#place(this.#cell, row, column);
    this.#cell.hidden = this.#says.hidden = false;
    const rows = (await this.#askIndex())?.rows ?? [];
    if (this.#at?.row !== row || this.#at.column !== column) return;
    const words = cellWords(grid, rows, { row, column });
    this.#says.replaceChildren(...words.map(line));
    const left = Math.min(
      this.#element.clientWidth - this.#says.offsetWidth - 4,
      column * wide + 12,
    );
    const below = row * high + 14;
    const top =
      below + this.#says.offsetHeight > this.#element.clientHeight
        ? row * high - this.#says.offsetHeight - 6
        : below;
    Object.assign(this.#says.style, {
      left: `${Math.max(4, left)}px`,
      top: `${Math.max(2, top)}px`,
    });
    if (document.activeElement === this.#element) this.#status.textContent = words.join(", ");
  }

  /** Puts an element over a cell; gives the size of one. */
  #place({ style }: HTMLElement, row: number, column: number): readonly [number, number] {
    const { width = 1, height = 1 } = this.#grid ?? {};
    const [wide, high] = [this.#element.clientWidth / width, this.#element.clientHeight / height];
    Object.assign(style, {
      left: `${column * wide}px`,
      top: `${row * high}px`,
      width: `${Math.max(4, wide)}px`,
      height: `${Math.max(4, high)}px`,
    });
    return [wide, high];
  }

  /** What the rows are, asked for when it is first needed. */
  async #askIndex(): Promise<RowIndex | null> {
    if (this.#index !== null) return this.#index;
    const grid = this.#grid;
    const index = await readRows(this.#element.dataset["drawn"] ?? "");
    // A later picture, which may have come meanwhile, has rows of its own.
    if (grid === this.#grid) this.#index ??= index;
    return index;
  }

  #onKey(event: KeyboardEvent): void {
    const grid = this.#grid;
    if (grid === null) return;
    const { row, column } = this.#at ?? { row: 0, column: grid.width - 1 };
    const rackRows = () => this.#nextRack(row, event.key === "PageDown" ? 1 : -1);
    const day = Math.max(1, Math.round(86_400_000 / grid.binMs));
    const to: Readonly<Record<string, () => readonly [number, number]>> = {
      ArrowUp: () => [row - 1, column],
      ArrowDown: () => [row + 1, column],
      ArrowLeft: () => [row, column - (event.shiftKey ? day : 1)],
      ArrowRight: () => [row, column + (event.shiftKey ? day : 1)],
      PageUp: () => [rackRows(), column],
      PageDown: () => [rackRows(), column],
      Home: () => [row, 0],
      End: () => [row, grid.width - 1],
    };
    const move = to[event.key];
    if (move !== undefined) this.#go(...move());
    else if (event.key === "Enter") void this.#open();
    else if (event.key === "Escape") this.#leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #nextRack(row: number, step: 1 | -1): number {
    const rows = this.#index?.rows;
    if (rows === undefined) return row + 16 * step;
    let next = row;
    while (rows[next + step] !== undefined && rows[next]?.rack === rows[row]?.rack) next += step;
    return next;
  }

  /** Opens the node under the cursor, at that instant. */
  async #open(): Promise<void> {
    const grid = this.#grid;
    if (this.#at === null || grid === null) return;
    const { row, column } = this.#at;
    const [node] = (await this.#askIndex())?.rows[row]?.nodes ?? [];
    const page = this.#element.dataset["page"];
    if (node === undefined || page === undefined) return;
    const address = new URL(page, location.origin);
    address.pathname += `/nodes/${pathSegment(node)}`;
    const [from] = grid.span(column);
    address.searchParams.set("at", `${node}@${new Date(from ?? 0).toISOString()}`);
    location.assign(address);
  }
}

/** Start of the window that an address names, milliseconds. */
function fromOf(address = ""): number {
  return Date.parse(new URL(address, location.origin).searchParams.get("from") ?? "");
}

function line(text: string): HTMLElement {
  return Object.assign(document.createElement("div"), { textContent: text });
}
