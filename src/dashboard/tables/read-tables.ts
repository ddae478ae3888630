/**
 * The tables of a panel, read from its own HTML: so that whatever a page shows as a table can be taken along as CSV, without
 * a second description of it. Only HTML that the ledger's templates made is read.
 */

/** What a cell says: its words, and the one exact value if it is nothing but a figure or an instant. */
interface Cell {
  readonly text: string;
  readonly exact: { readonly value: string; readonly unit: Unit } | null;
}

type Unit = "" | "ms" | "ratio" | "instant";

interface ReadTable {
  /** Its caption or label, for people. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const units: Readonly<Record<Unit, string>> = {
  "": "",
  ms: " (ms)",
  ratio: " (ratio)",
  instant: "",
};

const tableForm = /<table\b[^>]*>([^]*?)<\/table>/g;

/** Every table of a panel, in the order of the page. */
export function readTables(panel: string): ReadTable[] {
  return [...panel.matchAll(tableForm)].map(([, table = ""]) => readTable(table));
}

/** Columns in which every cell is empty, such as those of bars, are left out. */
function readTable(table: string): ReadTable {
  const [, caption = ""] = /<caption\b[^>]*>([^]*?)<\/caption>/.exec(table) ?? [];
  const [, head = ""] = /<thead\b[^>]*>([^]*?)<\/thead>/.exec(table) ?? [];
  const [names] = rowsOf(head);
  const body = rowsOf(table.replace(/<thead\b[^]*?<\/thead>/, ""));
  const width = Math.max(names?.length ?? 0, ...body.map(({ length }) => length));
  const columns: { readonly name: string; readonly values: readonly string[] }[] = [];
  for (let i = 0; i < width; i++) {
    const cells = body.map((row) => row[i] ?? { text: "", exact: null });
    if (cells.every(({ text }) => text === "")) continue;
    const exact = exactUnit(cells);
    const title = names?.[i]?.text ?? (i === 0 ? "name" : "value");
    const name = unused(`${title}${exact === null ? "" : units[exact]}`, columns);
    columns.push({
      name,
      values: cells.map((cell) => (exact === null ? cell.text : (cell.exact?.value ?? ""))),
    });
  }
  const rows = body.map((_, i) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[i] ?? ""])),
  );
  return { title: textOf(caption), columns: columns.map(({ name }) => name), rows };
}

/** The unit of a column whose cells are all exact values of that one unit, or empty; `null` if its words must stand for it. */
function exactUnit(cells: readonly Cell[]): Unit | null {
  const filled = cells.filter(({ text }) => text !== "");
  const [first] = filled;
  const unit = first?.exact?.unit ?? null;
  return unit !== null && filled.every(({ exact }) => exact?.unit === unit) ? unit : null;
}

function unused(name: string, columns: readonly { readonly name: string }[]): string {
  const isTaken = (each: string) => columns.some((column) => column.name === each);
  if (!isTaken(name)) return name;
  let n = 2;
  while (isTaken(`${name} ${n}`)) n++;
  return `${name} ${n}`;
}

function rowsOf(part: string): Cell[][] {
  return [...part.matchAll(/<tr\b[^>]*>([^]*?)<\/tr>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd]\b[^>]*>([^]*?)<\/t[hd]>/g)].map(([, cell = ""]) => cellOf(cell)),
  );
}

function cellOf(cell: string): Cell {
  const shown = cell.replaceAll(/<svg\b[^]*?<\/svg>/g, "");
  return { text: textOf(shown), exact: exactOf(shown) };
}

function exactOf(shown: string): Cell["exact"] {
  const figures = [...shown.matchAll(/<data\b[^>]*\bdata-raw="([^"]*)"[^>]*>([^]*?)<\/data>/g)];
  const [figure] = figures;
  if (figures.length === 1 && figure !== undefined) {
    const [whole, raw = "", words = ""] = figure;
    const unit = textOf(shown.replace(whole, ""));
    if (raw === "null") return null;
    if (unit === "%") return { value: plain(raw), unit: "ratio" };
    if (unit !== "") return null;
    return { value: plain(raw), unit: /title="[^"]* ms"/.test(words) ? "ms" : "" };
  }
  const times = [...shown.matchAll(/<time\b[^>]*\bdatetime="([^"]*)"[^>]*>[^]*?<\/time>/g)];
  const [time] = times;
  if (times.length !== 1 || time === undefined) return null;
  const [whole, value = ""] = time;
  return textOf(shown.replace(whole, "")) === "" ? { value: plain(value), unit: "instant" } : null;
}

/** What a reader sees, on one line. */
function textOf(part: string): string {
  return plain(part.replaceAll(/<[^>]*>/g, " "))
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ (?=[,;:.])/g, "")
    .trim();
}

const characters: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function plain(escaped: string): string {
  return escaped.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (each) => characters[each] ?? each);
}
