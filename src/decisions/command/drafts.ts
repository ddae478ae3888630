/** What deciders return: events to be appended, or an answer without events. */
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { ErrorCode, InputError } from "../../errors.ts";

/** An event to be appended; the append adds the envelope. */
export interface Draft<T extends EventType = EventType> {
  readonly type: T;
  readonly data: DataOf<T>;
}

export function draft<T extends EventType>(type: T, data: DataOf<T>): Draft<T> {
  return { type, data };
}

/** Why a command is refused. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Further members of the problem document. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly errors?: readonly InputError[];
}

export type Outcome =
  /** To be appended; with `refusal`, the events record that refusal. */
  | {
      readonly kind: "append";
      readonly drafts: readonly Draft[];
      readonly refusal?: Refusal;
      readonly extra?: Readonly<Record<string, unknown>>;
    }
  /** Nothing to do: an earlier event has already done it. */
  | {
      readonly kind: "already";
      /** The id of that event. */
      readonly by: string;
      readonly extra?: Readonly<Record<string, unknown>>;
    }
  /** Refused without an event of its own; `by` is the event that recorded the same refusal before, if any. */
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly by: string | null };

export function append(...drafts: readonly Draft[]): Outcome {
  return { kind: "append", drafts };
}

export function already(by: string): Outcome {
  return { kind: "already", by };
}

export function refused(
  code: ErrorCode,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
  errors: readonly InputError[] = [],
): Outcome {
  return { kind: "refused", refusal: { code, detail, extra, errors }, by: null };
}
