import { uptime } from "node:os";

/** The only code that reads the machine's time: everything else is given a clock or an instant. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly nowMs: () => number;
  /**
   * Milliseconds since some moment, which cannot be set and which go on while the machine sleeps. Default: no such
   * count.
   */
  readonly elapsedMs?: () => number;
  /** Milliseconds that it counts while one passes; 0 while it stands. Only the clock of a simulation has it. */
  readonly speed?: () => number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => uptime() * 1_000,
};

/** How long to wait, in milliseconds, until the clock reads the instant; Infinity while it stands. */
export function msUntil({ nowMs, speed }: Clock, instantMs: number): number {
  return Math.max(0, instantMs - nowMs()) / (speed?.() ?? 1);
}

/** Calls `work` after some milliseconds, unless the returned function is called before. */
export type After = (ms: number, work: () => void) => () => void;

/** By the machine's timers; what waits keeps no process alive. */
export const systemAfter: After = (ms, work) => {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
};
