/** Tables that are sorted, filtered and turned over by their addresses, so that they work without scripts. */
import { z } from "zod";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { PageContext } from "../../frame/page.ts";

/** The number of a table's page, from 1. */
export const pageNumber = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, "must be the number of a page, from 1")
  .optional();

/** A filter as a form sends it: an empty one filters nothing. */
export function filter(value: z.ZodType<string>) {
  return z.preprocess((text) => (text === "" ? undefined : text), value.optional());
}

/** A column to sort by; with a minus before it, the other way round. */
export function sortText(columns: readonly string[]) {
  const known = new Set(columns.flatMap((name) => [name, `-${name}`]));
  return z
    .string()
    .refine((text) => known.has(text), `must be one of ${columns.join(", ")}, or -COLUMN`)
    .optional();
}

export interface Sorting {
  readonly column: string;
  /** Whether the column's usual direction is turned round. */
  readonly isReversed: boolean;
}

export function sortingOf(text: string | undefined, usual: string): Sorting {
  const isReversed = text?.startsWith("-") ?? false;
  return { column: isReversed ? (text ?? "").slice(1) : (text ?? usual), isReversed };
}

interface SortHead {
  /** The page's parameter, and the panel that the reader comes back to. */
  readonly parameter: string;
  readonly panel: string;
  readonly column: string;
  readonly words: string;
  readonly sorting: Sorting;
  /** The direction in which the column is sorted first. */
  readonly first: "ascending" | "descending";
  readonly isNumber?: boolean;
}

/** The head of a column that sorts its table: a first press in its usual direction, a second one the other way round. */
export function sortHead(context: PageContext, head: SortHead): Html {
  const { parameter, panel, column, words, sorting, first, isNumber = false } = head;
  const isSorted = sorting.column === column;
  const other = first === "ascending" ? "descending" : "ascending";
  const direction = !isSorted ? "none" : sorting.isReversed ? other : first;
  const next = isSorted && !sorting.isReversed ? `-${column}` : column;
  const href = `${context.here({ [parameter]: next, page: null })}#p-${panel}`;
  return html`<th scope="col" class="${isNumber ? "number" : ""}" aria-sort="${direction}">
    <a class="sort ${direction}" href="${href}">${words}</a>
  </th>`;
}

/** Whole rows sorted by a column; the ends of a tie keep their order. */
export function sortedBy<Row>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
  isReversed: boolean,
): readonly Row[] {
  return rows.toSorted(isReversed ? (a, b) => compare(b, a) : compare);
}

interface PagePlace {
  readonly page: number;
  readonly pages: number;
  /** Index of the page's first row. */
  readonly first: number;
}

/** The page that the address names; the last one where it names one beyond. */
export function pagePlace(text: string | undefined, total: number, perPage: number): PagePlace {
  const pages = Math.max(1, Math.ceil(total / perPage));
  const page = Math.min(Number(text ?? 1), pages);
  return { page, pages, first: (page - 1) * perPage };
}

/** Links to the page before and the page after of a table. */
export function pageLinks(
  context: PageContext,
  panel: string,
  { page, pages: last }: PagePlace,
): Html | null {
  if (last === 1) return null;
  const to = (number: number, words: string) =>
    html`<a href="${context.here({ page: String(number) })}#p-${panel}">${words}</a>`;
  return html`<nav class="pages" aria-label="Pages of the table">
    ${page > 1 && to(page - 1, "Previous")} <span>Page ${page} of ${last}</span>
    ${page < last && to(page + 1, "Next")}
  </nav>`;
}

/** A form that filters by choices; everything else in the address stays. */
export function filterForm(
  context: PageContext,
  panel: string,
  choices: readonly {
    readonly name: string;
    readonly words: string;
    readonly options: readonly string[];
    /** How an option is shown, where not as it is written. */
    readonly shown?: Readonly<Record<string, string>>;
    readonly all: string;
  }[],
): Html {
  const names = new Set(choices.map(({ name }) => name));
  const kept = [...context.written]
    .filter(([name]) => !names.has(name) && name !== "page")
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
  const fields = choices.map(({ name, words, options, shown, all }) => {
    const chosen = context.written.get(name);
    // What the address names is offered even where nothing has it now.
    const offered = chosen === null || options.includes(chosen) ? options : [chosen, ...options];
    const id = `filter-${panel}-${name}`;
    return html`<label for="${id}">${words}</label>
      <select id="${id}" name="${name}">
        <option value="">${all}</option>
        ${offered.map(
          (option) =>
            html`<option value="${option}" ${option === chosen && { html: "selected" }}>
              ${shown?.[option] ?? option}
            </option>`,
        )}
      </select>`;
  });
  return html`<form class="filters" method="get" action="${context.path}#p-${panel}">
    ${kept}${fields}<button type="submit">Show</button>
  </form>`;
}
