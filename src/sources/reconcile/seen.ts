/** What a source sees in one payload: its observations, and what became of the rest. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import { checkData, futureError } from "../../events/check/check.ts";
import { endData, endTypes, startData, startTypes } from "./kind-types.ts";
import type { Observation } from "./observation.ts";
import type { Task } from "./task.ts";

/** An observation that was not taken, and why. */
export interface Refused {
  /** A JSON pointer into the payload; of a file `/rows/N`. */
  readonly path: string;
  readonly code: ErrorCode;
  readonly detail: string;
}

/** Something to know about an observation that was taken. */
interface Note {
  readonly path: string;
  /** What it is about, where notes are counted by it. */
  readonly kind?: string;
  readonly detail: string;
}

export class Seen {
  readonly observations: Observation[] = [];
  /** What is not settled as claims, such as jobs. */
  readonly tasks: Task[] = [];
  readonly refused: Refused[] = [];
  readonly notes: Note[] = [];
  /** Observations, or rows of a file. */
  total = 0;
  ignored = 0;
  /** Signs of life and other observations that need no event. */
  absorbed = 0;
  truncated = 0;
  readonly #source: string;
  readonly #nowMs: number;

  constructor(source: string, nowMs: number) {
    this.#source = source;
    this.#nowMs = nowMs;
  }

  refuse(path: string, detail: string, code: ErrorCode = "invalid-event"): void {
    this.refused.push({ path, code, detail });
  }

  /** Adds an observation if its form is right. One that has several parts is refused once. */
  add(observation: Observation): void {
    const error = this.#errorIn(observation);
    if (error === null) {
      this.observations.push(observation);
      return;
    }
    const { path } = observation;
    if (this.refused.at(-1)?.path !== path) this.refuse(path, detailOf(error), error.code);
  }

  #errorIn(observation: Observation): LedgerError | null {
    const { cluster, node, path, series } = observation;
    if (!series.isWellFormed())
      return new LedgerError("invalid-event", "is known by a text that is no valid Unicode");
    if (cluster === "") return new LedgerError("invalid-event", "names no cluster");
    if (node === "") return new LedgerError("invalid-event", "names no node");
    const place = { source: this.#source, cluster, node };
    if (observation.is !== "started") {
      const data = endData("maintenance", place, "any");
      const checked = checkData(endTypes.maintenance, 1, data, "");
      const at = observation.is === "ended" ? observation.at : observation.from;
      if (checked instanceof LedgerError || at === null)
        return checked instanceof LedgerError ? checked : null;
      return futureError(at, this.#nowMs, path);
    }
    const { from, to, says, kind } = observation;
    if (to !== null && to < from) {
      const detail = `ends at ${formatInstant(to)}, before it begins (${formatInstant(from)})`;
      return new LedgerError("invalid-event", detail);
    }
    const checked = checkData(startTypes[kind], 1, startData(kind, place, "any", says), "");
    if (checked instanceof LedgerError) return checked;
    return futureError(to ?? from, this.#nowMs, path);
  }
}

function detailOf(error: LedgerError): string {
  const [first] = error.errors;
  return first === undefined ? error.message : `${first.path} ${first.message}`.trim();
}

/** The error that a body is not of the source's form at all. */
export function notOfForm(what: string): LedgerError {
  return new LedgerError("invalid-request", `the body is not ${what}`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
