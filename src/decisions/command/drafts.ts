/** What deciders give back: events to be appended, or an answer without any. */
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { ErrorCode, InputError } from "../../errors.ts";

/** An event that is to be: its envelope is put around it when it is appended. */
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
  /** Appends; with a refusal, the events record it. */
  | {
      readonly kind: "append";
      readonly drafts: readonly Draft[];
      readonly refusal?: Refusal;
      readonly extra?: Readonly<Record<string, unknown>>;
    }
  /** Nothing to do: the event made it so. */
  | {
      readonly kind: "already";
      /** The id of that event. */
      readonly by: string;
      readonly extra?: Readonly<Record<string, unknown>>;
    }
  /** Refused without an event of its own; `by` recorded the same refusal before. */
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
