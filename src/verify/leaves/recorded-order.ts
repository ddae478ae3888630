/**
 * Whether recorded times never decrease. In a ledger with one writer they cannot. The clocks of several instances on one
 * store may differ a little; then the running maximum counts (ADR 0040).
 */
import { maxRecordedBackMs } from "../../limits/events.ts";
import { formatInstant } from "../../../projections/time/instant.ts";

export class RecordedOrder {
  /** The largest time so far; `-Infinity` before the first. */
  #latest = -Infinity;
  #earlier = 0;
  #mostMs = 0;

  /** How many events were recorded earlier than an event before them, within the tolerance for clocks. */
  get earlier(): number {
    return this.#earlier;
  }

  /** The largest such difference, in milliseconds. */
  get mostMs(): number {
    return this.#mostMs;
  }

  /** Adds the times of the next events; NaN for an event without one. */
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
