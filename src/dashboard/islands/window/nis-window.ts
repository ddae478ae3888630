/** NIS over a window on a canvas: dragging, double clicks and keys change the window; a cursor tells a bucket's figures. */
import uPlot from "uplot";
import type { Island } from "../page/island.ts";
import type { Band, Colours } from "./draw-steps.ts";
import { coloursOf, drawBands, drawSeries } from "./draw-steps.ts";
import type { Series } from "./series.ts";
import { fetchSeries } from "./series.ts";
import type { ShownWindow } from "./shown-window.ts";
import { followAddress, showWindow, windowChange } from "./shown-window.ts";
import { told, zoomed } from "./zoom.ts";

export function start(element: HTMLElement): Island {
  return new NisWindow(element);
}

class NisWindow implements Island {
  readonly #element: HTMLElement;
  readonly #says = document.createElement("div");
  readonly #status = document.createElement("p");
  readonly #resized = new ResizeObserver(() => this.#resize());
  #plot: uPlot | null = null;
  #colours: Colours;
  #series: Series;
  #window: ShownWindow;
  /** What was asked for last: keys go on from there, also before it is shown. */
  #wanted: ShownWindow;
  #asking: AbortController | null = null;
  #bucket: number | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#colours = coloursOf(element);
    this.#series = JSON.parse(element.dataset["series"] ?? "") as Series;
    this.#window = this.#wanted = windowIn(element);
    this.#says.className = "chart-says";
    this.#says.hidden = true;
    this.#status.className = "hidden";
    this.#status.setAttribute("role", "status");
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    element.setAttribute("aria-roledescription", "chart");
    element.setAttribute(
      "aria-label",
      `${element.dataset["label"] ?? "NIS"}: arrows move by bucket, plus and minus zoom, shift and arrows move the window, Escape shows all`,
    );
    element.replaceChildren(this.#says, this.#status);
    element.addEventListener("keydown", this.#onKey);
    element.addEventListener("blur", () => this.#tell(null));
    element.addEventListener("dblclick", () => showWindow(null));
    document.addEventListener("themechange", this.#repaint);
    document.addEventListener(windowChange, this.#onWindow);
    followAddress();
    this.#make();
    this.#resized.observe(element);
  }

  update(fresh: HTMLElement): void {
    for (const [name, value] of Object.entries(fresh.dataset)) this.#element.dataset[name] = value;
    this.#asking?.abort();
    this.#show(windowIn(fresh), JSON.parse(fresh.dataset["series"] ?? "") as Series);
  }

  stop(): void {
    this.#resized.disconnect();
    this.#asking?.abort();
    document.removeEventListener("themechange", this.#repaint);
    document.removeEventListener(windowChange, this.#onWindow);
    this.#plot?.destroy();
  }

  get #target(): number {
    return Number(this.#element.dataset["target"]);
  }

  #make(): void {
    const { clientWidth, clientHeight, dataset } = this.#element;
    const zone = dataset["zone"] ?? "UTC";
    const axis = () => this.#colours.axis;
    const line = { stroke: () => this.#colours.grid, width: 1 };
    const font = "11px Inter Variable, system-ui, sans-serif";
    this.#plot = new uPlot(
      {
        width: Math.max(40, clientWidth),
        height: clientHeight,
        ms: 1,
        tzDate: (at) => uPlot.tzDate(new Date(at), zone),
        legend: { show: false },
        padding: [4, 0, 0, 0],
        scales: {
          x: { time: true, range: () => [this.#window.from, this.#window.to] },
          y: { range: () => [Number(dataset["least"]) / 100, 1] },
        },
        axes: [{ show: false }, { show: false, stroke: axis, grid: line, font }],
        series: [{}, { paths: () => null, points: { show: false } }],
        cursor: { points: { show: false }, y: false, drag: { x: true, y: false, setScale: false } },
        hooks: {
          drawClear: [(plot) => drawBands(plot, this.#bands(), this.#colours)],
          draw: [(plot) => drawSeries(plot, this.#series, this.#target, this.#colours)],
          setSelect: [(plot) => this.#select(plot)],
          setCursor: [(plot) => this.#point(plot)],
        },
      },
      this.#data(),
      this.#element,
    );
    this.#element.dataset["drawn"] = `${this.#window.from}/${this.#window.to}`;
  }

  #data(): uPlot.AlignedData {
    return [this.#series.edges.slice(0, -1), [...this.#series.contractual]];
  }

  #bands(): readonly Band[] {
    return JSON.parse(this.#element.dataset["bands"] ?? "[]") as readonly Band[];
  }

  #show(window: ShownWindow, series: Series): void {
    this.#window = this.#wanted = window;
    this.#series = series;
    this.#bucket = null;
    this.#tell(null);
    this.#plot?.setData(this.#data());
    this.#element.dataset["drawn"] = `${window.from}/${window.to}`;
  }

  readonly #repaint = (): void => {
    this.#colours = coloursOf(this.#element);
    this.#plot?.redraw();
  };

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width > 0) this.#plot?.setSize({ width, height });
  }

  /** A drag that was let go: what it covers is the next window. */
  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((x) => plot.posToVal(x, "x"));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#go({ from: from ?? 0, to: to ?? 0 });
  }

  #go(window: ShownWindow): void {
    const { knownFrom, knownTo } = this.#element.dataset;
    const next = zoomed(window, { from: Number(knownFrom), to: Number(knownTo) });
    if (next !== null) showWindow(next);
  }

  /** Draws a new window at once; the panels that follow bring the same figures. */
  readonly #onWindow = (event: Event): void => {
    const window = (event as CustomEvent<ShownWindow | null>).detail;
    this.#wanted = window ?? this.#window;
    if (window !== null) void this.#load(window);
  };

  async #load(window: ShownWindow): Promise<void> {
    this.#asking?.abort();
    const round = new AbortController();
    this.#asking = round;
    const { dataset, clientWidth } = this.#element;
    try {
      const series = await fetchSeries(dataset["src"] ?? "", window, clientWidth, round.signal);
      if (!round.signal.aborted) this.#show(window, series);
    } catch (error) {
      if (round.signal.aborted) return;
      this.#status.className = "empty";
      this.#status.textContent = `NIS of this window could not be read: ${error instanceof Error ? error.message : String(error)}.`;
    }
  }

  #point({ cursor }: uPlot): void {
    const { left } = cursor;
    if (left === undefined || left < 0 || this.#plot === null) return this.#tell(null);
    const at = this.#plot.posToVal(left, "x");
    this.#tell(this.#series.edges.findLastIndex((edge) => edge <= at));
  }

  /** What a bucket says, beside it; `null` says nothing. */
  #tell(bucket: number | null): void {
    const text = bucket === null ? null : told(this.#series, bucket);
    this.#says.hidden = text === null;
    if (text === null || bucket === null || this.#plot === null) return;
    this.#says.replaceChildren(
      ...text.map((line) => Object.assign(document.createElement("div"), { textContent: line })),
    );
    const x = this.#plot.valToPos(this.#series.edges[bucket] ?? 0, "x");
    const isRight = x > this.#element.clientWidth / 2;
    this.#says.style.left = `${Math.max(0, isRight ? x - this.#says.offsetWidth - 10 : x + 14)}px`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { from, to } = this.#wanted;
    const length = to - from;
    const last = this.#series.contractual.length - 1;
    const step = (by: number) => {
      this.#bucket = Math.min(last, Math.max(0, (this.#bucket ?? (by > 0 ? -1 : last + 1)) + by));
      this.#tell(this.#bucket);
      this.#status.textContent = told(this.#series, this.#bucket)?.join(", ") ?? "";
    };
    const around = (factor: number) => {
      const at = this.#bucket === null ? undefined : this.#series.edges[this.#bucket];
      const middle = factor < 1 && at !== undefined ? at : (from + to) / 2;
      this.#go({ from: middle - (length * factor) / 2, to: middle + (length * factor) / 2 });
    };
    const move = (by: number) => this.#go({ from: from + by * length, to: to + by * length });
    const acts: Readonly<Record<string, () => void>> = {
      "+": () => around(0.5),
      "=": () => around(0.5),
      "-": () => around(2),
      ArrowLeft: () => (event.shiftKey ? move(-0.5) : step(-1)),
      ArrowRight: () => (event.shiftKey ? move(0.5) : step(1)),
      Home: () => step(-Infinity),
      End: () => step(Infinity),
      Escape: () => showWindow(null),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
    if (act === undefined) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  };
}

function windowIn({ dataset }: HTMLElement): ShownWindow {
  return { from: Number(dataset["from"]), to: Number(dataset["to"]) };
}
