/**
 * The language in which the catalogue of fields is written. A field is plain data and holds everything known about
 * itself in one place: type, unit, meaning, and how it is shown.
 */
import type { DefinitionsVersion } from "./definitions.ts";

/** Kinds of single values: the unit of each, and a sentence on its form. */
export const scalarKinds = {
  text: { unit: "", form: "" },
  /** A sender's name for something: a node, a job, a fault. */
  name: { unit: "", form: "" },
  eventId: { unit: "", form: "The id of an event." },
  /** One of a fixed list of words. */
  choice: { unit: "", form: "" },
  /** Yes or no, in the field's own words. */
  flag: { unit: "", form: "" },
  /** Whether a target is met. */
  verdict: { unit: "", form: "Compared exactly, before any rounding; equal is met." },
  instant: { unit: "", form: "An instant in UTC, to the millisecond." },
  count: { unit: "", form: "" },
  durationMs: { unit: "ms", form: "" },
  nodeMs: { unit: "node-ms", form: "One node for one millisecond is 1." },
  /** A quotient of exact sums, from 0 to 1. */
  ratio: { unit: "ratio", form: "From 0 to 1, nine decimals." },
  /** A ratio that somebody has set. */
  target: { unit: "ratio", form: "From 0 to 1." },
  rate: { unit: "", form: "" },
  hours: { unit: "h", form: "" },
  nodeHours: { unit: "node-h", form: "" },
  position: { unit: "", form: "" },
} as const;

type ScalarKind = keyof typeof scalarKinds;

interface Described {
  /** Its heading, or the first cell of its row. */
  readonly title: string;
  /** What it means, in a sentence or two; docs/measures.md has the rules. */
  readonly meaning: string;
  /** Its rank when shown, if that differs from its order in the document; lowest first. */
  readonly order?: number;
  /** Left out when there is nothing to say, instead of `null`. */
  readonly optional?: true;
  /** The first version of the definitions that has it; reports issued with an earlier one lack it. */
  readonly since?: DefinitionsVersion;
}

/** A single value. */
export interface ScalarField extends Described {
  readonly kind: ScalarKind;
  /** It is `null` if there is nothing to measure, or when `nullWhen` says so. */
  readonly nullable?: true;
  readonly nullWhen?: string;
  /** Text shown instead of `null`. Default: that there is nothing to measure. */
  readonly absent?: string;
  /** The only values that it can have. */
  readonly values?: readonly (string | true)[];
  /** The words shown for a flag that holds, and for one that does not. */
  readonly words?: readonly [holds: string, holdsNot: string];
  /** Whether it is one of the figures at the top of a report. */
  readonly headline?: true;
  /** The neighbouring fields that hold its target and whether the target is met. */
  readonly against?: { readonly target: string; readonly met: string; readonly bound: Bound };
  /** The neighbouring field that it is a part of. */
  readonly partOf?: string;
  /** The unit, if its kind has none. */
  readonly unit?: string;
  /** How an agreed term binds. */
  readonly bound?: Bound;
  /** Shown beside another field, not by itself: a target beside its figure. */
  readonly beside?: true;
  /** Too wide for the text report, which must fit a terminal; the other forms have it. */
  readonly wide?: true;
}

export type Bound = "at least" | "at most";

/** Several fields grouped under one name. */
export interface RecordField extends Described {
  readonly kind: "record";
  readonly fields: Fields;
}

/** A list of records: a table. */
export interface RowsField extends Described {
  readonly kind: "rows";
  readonly row: Fields;
  /** Text for the table's heading after the title, such as the order of its rows. */
  readonly sorted?: string;
  /** Text shown if there are no rows. Default: none. */
  readonly none?: string;
  readonly wide?: true;
}

/** A list of ids or names. */
interface ListField extends Described {
  readonly kind: "list";
  readonly of: "eventId" | "name";
  readonly wide?: true;
}

/** One value, or record, for each of several keys. */
export interface MapField extends Described {
  readonly kind: "map";
  readonly key: {
    readonly title: string;
    readonly meaning: string;
    /** The only keys allowed. Default: any text. */
    readonly values?: readonly string[];
    /** Whether every key is always present. */
    readonly complete?: true;
  };
  /** What each key holds: fields, or one value. */
  readonly each: RecordField | ScalarField;
}

export type Field = ScalarField | RecordField | RowsField | ListField | MapField;

/** Fields by name, in the order of the document. */
export interface Fields {
  readonly [name: string]: Field;
}

export function isScalar(field: Field): field is ScalarField {
  return !["record", "rows", "list", "map"].includes(field.kind);
}

/** The unit of a value; empty if it has none. */
export function unitOf({ kind, unit }: ScalarField): string {
  return unit ?? scalarKinds[kind].unit;
}

interface ScalarTypes<Instant> {
  text: string;
  name: string;
  eventId: string;
  choice: string;
  flag: boolean;
  verdict: boolean;
  instant: Instant;
  count: number;
  durationMs: number;
  nodeMs: number;
  ratio: number;
  target: number;
  rate: number;
  hours: number;
  nodeHours: number;
  position: number;
}

type OrNull<F, T> = F extends { nullable: true } ? T | null : T;

type MapOf<F, I> = F extends { key: infer K; each: infer E }
  ? K extends { values: readonly (infer V extends string)[] }
    ? K extends { complete: true }
      ? { readonly [key in V]: TypeOf<E, I> }
      : { readonly [key in V]?: TypeOf<E, I> }
    : { readonly [key: string]: TypeOf<E, I> }
  : never;

type TypeOf<F, I> = F extends { kind: "record"; fields: infer R }
  ? RecordOf<R, I>
  : F extends { kind: "rows"; row: infer R }
    ? readonly RecordOf<R, I>[]
    : F extends { kind: "list" }
      ? readonly string[]
      : F extends { kind: "map" }
        ? MapOf<F, I>
        : F extends { kind: "choice" | "flag"; values: readonly (infer V)[] }
          ? OrNull<F, V>
          : F extends { kind: infer K extends ScalarKind }
            ? OrNull<F, ScalarTypes<I>[K]>
            : never;

type KeysWith<R, Mark> = { [K in keyof R]: R[K] extends Mark ? K : never }[keyof R];

type OptionalKeys<R> = KeysWith<R, { optional: true }>;
/** Members that documents of earlier definitions lack. */
type NewerKeys<R> = KeysWith<R, { since: DefinitionsVersion }>;

type RecordOf<R, I> = I extends number
  ? { readonly [K in Exclude<keyof R, OptionalKeys<R>>]: TypeOf<R[K], I> } & {
      // A figure may also return `null` for an optional member.
      readonly [K in OptionalKeys<R>]?: TypeOf<R[K], I> | null | undefined;
    }
  : { readonly [K in Exclude<keyof R, OptionalKeys<R> | NewerKeys<R>>]: TypeOf<R[K], I> } & {
      readonly [K in OptionalKeys<R> | NewerKeys<R>]?: TypeOf<R[K], I>;
    };

/** A field's value in the document; instants are text. */
export type ValueOf<F> = TypeOf<F, string>;

/** A field's value as computed by its figure: instants in milliseconds, `null` for what is left out, and possibly with further members. */
export type FigureOf<F> = TypeOf<F, number>;

/** The members of a document with these fields. */
export type ValuesOf<R> = RecordOf<R, string>;
