/**
 * Whether recorded times go on. A ledger with one writer never takes one back; the clocks of several instances on one
 * store may differ a little, and then the running maximum counts (ADR 0040).
 */
import { maxRecordedBackMs } from "../../limits/events.ts";
import { formatInstant } from "../../../projections/time/instant.ts";

export class RecordedOrder {
  /** The largest so far; `-Infinity` before the first. */
  #latest = -Infinity;
  #earlier = 0;
  #mostMs = 0;

  /** Events that were recorded before one that stands before them, within what clocks may differ by. */
  get earlier(): number {
    return this.#earlier;
  }

  /** By how much at most. */
  get mostMs(): number {
    return this.#mostMs;
  }

  /** Takes the next events' times; NaN for one that has none. */
  take(recordedAt: Float64Array, tell: (at: number, message: string) => void): void {
    for (let at = 0; at < recordedAt.length; at++) {
      const ms = recordedAt[at] ?? Number.NaN;
      if (ms >= this.#latest) this.#latest = ms;
      else if (ms < this.#latest - maxRecordedBackMs) tell(at, wentBack(ms, this.#latest));
      else if (ms < this.#latest) {
        this.#earlier++;
        this.#mostMs = Math.max(this.#mostMs, this.#latest - ms);
      }
    }
  }
}

function wentBack(ms: number, latest: number): string {
  return `it was recorded at ${formatInstant(ms)}, but an earlier event was recorded at ${formatInstant(latest)}: recorded times must not decrease`;
}
