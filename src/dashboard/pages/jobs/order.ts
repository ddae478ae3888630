/** The order and the page of the jobs that strips and table show: both are in the address. */
import { z } from "zod";
import { maxStripsPerPage } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import type { JobFigures } from "./job-facts.ts";

/** The columns of the table, by which the jobs can be sorted. */
const columns = {
  job: "Job",
  nodeMs: "Node-time",
  uptime: "Uptime",
  ettr: "ETTR",
  runningMs: "Running",
  interruptedMs: "Interrupted",
  pausedMs: "Paused",
  keptMs: "Kept",
  checkpointingMs: "Checkpointing",
  lostMs: "Lost",
  interruptions: "Interruptions",
  crashes: "Crashes",
} as const satisfies Partial<Record<keyof JobFigures, string>>;

type Column = keyof typeof columns;

export const columnNames = Object.keys(columns) as readonly Column[];

/** Longest node-time first. */
const usual = "-nodeMs";

const orders = columnNames.flatMap((name) => [name, `-${name}`]);

export const orderFilters = {
  sort: z.enum(orders, `must be one of ${orders.join(", ")}`).optional(),
  page: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "must be the number of a page, from 1")
    .optional(),
};

interface Order {
  readonly column: Column;
  readonly isDescending: boolean;
}

function orderOf({ filters }: PageContext): Order {
  const text = filters["sort"] ?? usual;
  const column = columnNames.find((name) => name === text.replace(/^-/, "")) ?? "nodeMs";
  return { column, isDescending: text.startsWith("-") };
}

interface ShownJobs {
  readonly shown: readonly JobFigures[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

/** The jobs of the page's part of the list. A job without the figure comes last, whichever way. */
export function jobsInOrder(context: PageContext, jobs: readonly JobFigures[]): ShownJobs {
  const { column, isDescending } = orderOf(context);
  const way = isDescending ? -1 : 1;
  const sorted = jobs.toSorted((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (x === null || y === null)
      return Number(x === null) - Number(y === null) || a.index - b.index;
    return x < y ? -way : x > y ? way : a.index - b.index;
  });
  const pages = Math.max(1, Math.ceil(jobs.length / maxStripsPerPage));
  const page = Math.min(Number(context.filters["page"] ?? 1), pages);
  const shown = sorted.slice((page - 1) * maxStripsPerPage, page * maxStripsPerPage);
  return { shown, total: jobs.length, page, pages };
}

/** `longest node-time first`, of the order that was chosen. */
export function orderWords(context: PageContext): string {
  const { column, isDescending } = orderOf(context);
  if (column === "nodeMs") return `${isDescending ? "longest" : "shortest"} node-time first`;
  if (column === "job") return isDescending ? "by name, backwards" : "by name";
  return `${isDescending ? "highest" : "lowest"} ${columns[column].toLowerCase()} first`;
}

/** A column's heading, whose link sorts by it: the largest first, and the other way when it is followed again. */
export function sortHeading(context: PageContext, name: Column): Html {
  const { column, isDescending } = orderOf(context);
  const isChosen = column === name;
  const isUsuallyDescending = name !== "job";
  const next = isChosen ? !isDescending : isUsuallyDescending;
  const sort = `${next ? "-" : ""}${name}`;
  const href = context.here({ sort: sort === usual ? null : sort, page: null });
  const state = isChosen ? (isDescending ? "descending" : "ascending") : "none";
  return html`<th scope="col" aria-sort="${state}" class="${name === "job" ? "" : "number"}">
    <a class="sort ${state}" href="${href}#p-table">${columns[name]}</a>
  </th>`;
}

/** Which jobs are shown, and the way to the others. */
export function pageLinks(
  context: PageContext,
  { shown, total, page, pages }: ShownJobs,
  panel: string,
): Html | null {
  if (pages === 1) return null;
  const to = (number: number, words: string) =>
    html`<a href="${context.here({ page: number === 1 ? null : String(number) })}#p-${panel}"
      >${words}</a
    >`;
  const first = (page - 1) * maxStripsPerPage + 1;
  return html`<p class="more page-links">
    ${whole(first)} to ${whole(first + shown.length - 1)} of ${counted(total, "job")}
    ${page > 1 && html` · ${to(page - 1, "previous page")}`}
    ${page < pages && html` · ${to(page + 1, "next page")}`}
  </p>`;
}
