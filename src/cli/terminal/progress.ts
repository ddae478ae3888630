/** Progress on standard error: a bar in a terminal, elsewhere a line from time to time. */
import { Presets, SingleBar } from "cli-progress";
import { number } from "../../reports/text/figures.ts";
import type { Terminal } from "./terminal.ts";

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** Time between lines where there is no terminal. */
const lineIntervalMs = 10_000;

export function startProgress(terminal: Terminal, what: string): Progress {
  return terminal.isInteractive ? barProgress(what) : lineProgress(terminal, what);
}

function barProgress(what: string): Progress {
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage} %  {value} of {total}  {eta_formatted} left`,
      formatValue: (value, _options, type) =>
        type === "value" || type === "total" ? number(value) : String(value),
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (done, total) => {
      if (!started) bar.start(total, done);
      else {
        bar.setTotal(total);
        bar.update(done);
      }
      started = true;
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}

function lineProgress(terminal: Terminal, what: string): Progress {
  let saidAt = performance.now();
  return {
    update: (done, total) => {
      if (performance.now() - saidAt < lineIntervalMs) return;
      saidAt = performance.now();
      const share = total === 0 ? 0 : Math.floor((100 * done) / total);
      terminal.say(`${what}: ${number(done)} of ${number(total)} (${share} %)`);
    },
    stop: () => undefined,
  };
}
