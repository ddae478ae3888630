/** What a report for people shows of a document, by the catalogue of fields; text and page show the same. */
import { catalogueAt, headMembers } from "../../projections/document/catalogue.ts";
import type { SlaDocument } from "../../projections/document/catalogue.ts";
import type {
  Bound,
  Field,
  Fields,
  MapField,
  RowsField,
  ScalarField,
} from "../../projections/document/entry/field.ts";
import { isScalar } from "../../projections/document/entry/field.ts";
import { ratio } from "../../projections/arithmetic/ratio.ts";

export type Scalar = string | number | boolean | null;

/** A single value and its field. */
export interface Shown {
  readonly field: ScalarField;
  readonly value: Scalar;
}

export interface ShownFigure extends Shown {
  /** The value's target, and whether it is met. */
  readonly against: {
    readonly bound: Bound;
    readonly target: Shown;
    readonly met: boolean | null;
  } | null;
  /** Which part it is of another field; `ratio` is `null` if that field is zero. */
  readonly share: { readonly of: string; readonly ratio: number | null } | null;
}

export interface ShownTable {
  readonly title: string;
  readonly sorted: string | null;
  /** The text shown if there are no rows. */
  readonly none: string | null;
  readonly columns: readonly Field[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether it is a short table of sums, which shows exact values beside readable ones. */
  readonly isOfSums: boolean;
  /** For each flag of the rows, in its words, for how many rows it holds. */
  readonly flags: readonly { readonly words: string; readonly count: number }[];
}

export interface ShownSection {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly note: string | null;
  readonly figures: readonly ShownFigure[];
  readonly tables: readonly ShownTable[];
}

type Members = Readonly<Record<string, unknown>>;

/** Whether the field's values are numbers, which a column aligns to the right. */
export function isNumber(field: Field | undefined): boolean {
  return field !== undefined && numbers.has(field.kind);
}

const numbers: ReadonlySet<string> = new Set<ScalarField["kind"]>([
  "count",
  "durationMs",
  "nodeMs",
  "ratio",
  "target",
  "rate",
  "hours",
  "nodeHours",
  "position",
]);

/** The sections of a document, in its order and by its definitions, without what the report's heading says. */
export function sectionsOf(document: SlaDocument): ShownSection[] {
  return [...catalogueAt(document.definitions)]
    .filter(([name]) => !headMembers.has(name))
    .map(([name, { field }]) => sectionOf(name, field, document[name]))
    .filter(({ figures, tables }) => figures.length > 0 || tables.length > 0);
}

/** The figures at the top of a report. */
export function headlinesOf(sections: readonly ShownSection[]): ShownFigure[] {
  const figures = sections.flatMap((section) => section.figures);
  return figures.filter(({ field }) => field.headline === true);
}

function sectionOf(name: string, field: Field, value: unknown): ShownSection {
  const { title, meaning } = field;
  const found: Found = { figures: [], tables: [] };
  if (field.kind === "record") addMembers(found, field.fields, value as Members);
  else addMember(found, field, value, { fields: {}, values: {} });
  const note = (value as { readonly note?: string }).note ?? null;
  const { figures, tables } = found;
  return { name, title, meaning, note, figures, tables: tables.filter(isToSay) };
}

/** What a section shows, while it is being collected. */
interface Found {
  readonly figures: ShownFigure[];
  readonly tables: ShownTable[];
}

/** The record that contains a field. */
interface Among {
  readonly fields: Fields;
  readonly values: Members;
}

function isToSay({ rows, none }: ShownTable): boolean {
  return rows.length > 0 || none !== null;
}

/** Fields in the order in which they are shown: first those with a fixed rank. */
function inOrder(fields: Fields): [name: string, field: Field][] {
  return Object.entries(fields).sort(
    ([, a], [, b]) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0,
  );
}

function addMembers(found: Found, fields: Fields, values: Members): void {
  for (const [name, field] of inOrder(fields)) {
    if (name !== "note") addMember(found, field, values[name], { fields, values });
  }
}

function addMember(found: Found, field: Field, value: unknown, among: Among): void {
  switch (field.kind) {
    case "record":
      return addMembers(found, field.fields, value as Members);
    case "rows":
      found.tables.push(tableOf(field, value as readonly Members[]));
      return;
    case "map":
      found.tables.push(mapTable(field, value as Members));
      return;
    case "list": {
      const { title, meaning } = field;
      const counted = { kind: "count", title, meaning } as const;
      const count = (value as readonly string[]).length;
      found.figures.push({ field: counted, value: count, against: null, share: null });
      return;
    }
    default:
      if (field.beside !== true) found.figures.push(figureOf(field, value as Scalar, among));
  }
}

function figureOf(field: ScalarField, value: Scalar, { fields, values }: Among): ShownFigure {
  const { against, partOf } = field;
  const target = against === undefined ? undefined : fields[against.target];
  const whole = partOf === undefined ? undefined : fields[partOf];
  return {
    field,
    value,
    against:
      against === undefined || target === undefined || !isScalar(target)
        ? null
        : {
            bound: against.bound,
            target: { field: target, value: values[against.target] as Scalar },
            met: values[against.met] as boolean | null,
          },
    share:
      partOf === undefined || whole === undefined
        ? null
        : { of: whole.title, ratio: ratio(value as number, values[partOf] as number) },
  };
}

function tableOf(field: RowsField, rows: readonly Members[]): ShownTable {
  const columns = inOrder(field.row);
  const flags = columns.flatMap(([name, each]) => {
    if (each.kind !== "flag" || each.words === undefined) return [];
    const count = rows.filter((row) => row[name] === true).length;
    return count === 0 ? [] : [{ words: each.words[0], count }];
  });
  return {
    title: field.title,
    sorted: field.sorted ?? null,
    none: field.none ?? null,
    columns: columns.map(([, each]) => each),
    rows: rows.map((row) => columns.map(([name]) => row[name])),
    isOfSums: false,
    flags,
  };
}

function mapTable({ title, key, each }: MapField, values: Members): ShownTable {
  const columns = each.kind === "record" ? inOrder(each.fields) : null;
  const name: ScalarField = { kind: "name", title: key.title, meaning: key.meaning };
  return {
    title,
    sorted: null,
    none: null,
    columns: [name, ...(columns?.map(([, field]) => field) ?? [each])],
    rows: Object.entries(values).map(([label, value]) => [
      label,
      ...(columns?.map(([member]) => (value as Members)[member]) ?? [value]),
    ]),
    isOfSums: true,
    flags: [],
  };
}
