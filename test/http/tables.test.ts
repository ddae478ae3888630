/** `?format=csv` of every table: the same rows as its JSON, and none that a spreadsheet runs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditedApp } from "./app/audited-app.ts";
import type { AuditedApp } from "./app/audited-app.ts";
import { anEvent } from "./app/memory-ledger.ts";

let ledger: AuditedApp;

beforeAll(async () => {
  ledger = await auditedApp();
  const more = [
    ["NodeCommissioned", { node: "=1+1", rack: '@r "1"', sku: "-s" }],
    ["NodeFailed", { node: "=1+1", faultId: "+f", category: "hardware" }],
    ["JobStarted", { job: "-j", nodes: ["n1"] }],
    ["JobInterrupted", { job: "-j", cause: { kind: "fault", faultId: "+f", node: "=1+1" } }],
  ].map(([type, data]) =>
    anEvent({
      type,
      occurredAt: "2026-03-03T00:00:00Z",
      data: { cluster: "alpha", ...(data as object) },
      reason: "=HYPERLINK(1)",
    }),
  );
  const start = anEvent({
    type: "RolloutStarted",
    occurredAt: "2026-04-13T00:00:00Z",
    data: { rollout: "r1", cluster: "alpha" },
  });
  await ledger.ledger.submit([...more, start]);
  await ledger.settled();
});
afterAll(() => ledger.close());

/** Cells as RFC 4180 has them. */
function parsed(csv: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = "", end = ""] of csv.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g,
  )) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") lines.push([]);
    if (end === "") break;
  }
  const [header = [], ...rows] = lines.slice(0, -1);
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ""])));
}

/** What a cell should show of a value, without the apostrophe against formulas. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  const isList = Array.isArray(value) && value.every((each) => typeof each === "string");
  return isList ? value.join(" ") : JSON.stringify(value);
}

type Row = Readonly<Record<string, unknown>>;

function valueOf(row: Row, column: string): unknown {
  if (column in row) return row[column];
  const [first = "", ...rest] = column.split(".");
  const inner = row[first];
  if (rest.length === 0 || inner === null || inner === undefined) return null;
  return valueOf(inner as Row, rest.join("."));
}

const queue = "from=2026-04-11T00:00:00Z&to=2026-04-14T00:00:00Z&stepMs=86400000";
/** Each table, the member of its JSON that has the rows, and members that the table leaves out because they are lists of rows. */
const tables: readonly (readonly [url: string, rows: string, leftOut: readonly string[]])[] = [
  ["/v1/nodes?cluster=alpha", "nodes", []],
  ["/v1/faults?period=2026-03", "faults", []],
  ["/v1/faults?period=2026-03&group=component", "groups", []],
  ["/v1/jobs?period=2026-03", "jobs", []],
  ["/v1/jobs/alpha/-j/strip", "breaks", []],
  ["/v1/node-states?cluster=alpha&period=2026-03&format=json", "rows", []],
  ["/v1/events", "events", []],
  ["/v1/rollouts", "rollouts", ["blocked", "overrides", "history", "findings"]],
  ["/v1/rollouts/blocked?at=2026-04-12T12:00:00Z", "blocked", ["covered"]],
  ["/v1/rollouts/violations", "violations", []],
  [`/v1/rollouts/queue/history?${queue}`, "steps", []],
];

const asCsv = (url: string) =>
  url.includes("format=json")
    ? url.replace("format=json", "format=csv")
    : `${url}${url.includes("?") ? "&" : "?"}format=csv`;

describe.each(tables)("GET %s as CSV", (url, member, leftOut) => {
  test("has the rows of the JSON, with every member", async () => {
    const rows = (await ledger.get(url)).json[member] as Row[];
    const { status, headers, text } = await ledger.get(asCsv(url));
    expect([status, headers["content-type"]]).toEqual([200, "text/csv; charset=utf-8"]);
    expect(headers["content-disposition"]).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
    const found = parsed(text);
    expect(rows.length).toBeGreaterThan(0);
    const unmarked = found.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, cell]) => [name, cell.replace(/^'(?=[=+\-@])/, "")]),
      ),
    );
    expect(unmarked).toEqual(
      rows.map((row) =>
        Object.fromEntries(
          Object.keys(found[0] ?? {}).map((name) => [name, shown(valueOf(row, name))]),
        ),
      ),
    );
    const members = new Set(rows.flatMap((row) => Object.keys(row)));
    const columns = Object.keys(found[0] ?? {}).map((name) => name.split(".")[0]);
    const missing = [...members].filter((name) => !columns.includes(name));
    expect(missing.toSorted()).toEqual(leftOut.toSorted());
  });

  test("has no cell that a spreadsheet takes for a formula", async () => {
    const cells = parsed((await ledger.get(asCsv(url))).text).flatMap((row) => Object.values(row));
    const isNumber = (cell: string) => /^-?\d+(\.\d+)?$/.test(cell);
    expect(cells.filter((cell) => /^[=+\-@]/.test(cell) && !isNumber(cell))).toEqual([]);
  });
});

describe("a table as CSV", () => {
  test("of a series has a row for each bucket and a column for each figure", async () => {
    const url = "/v1/series?cluster=alpha&period=2026-03&bucket=1w&figures=nis.raw,crashes";
    const { json } = await ledger.get(url);
    const { at, complete, figures } = json as {
      at: number[];
      complete: boolean[];
      figures: Record<string, (number | null)[]>;
    };
    expect(parsed((await ledger.get(asCsv(url))).text)).toEqual(
      at.map((ms, i) => ({
        at: new Date(ms).toISOString(),
        complete: String(complete[i]),
        "nis.raw": shown(figures["nis.raw"]?.[i]),
        crashes: shown(figures["crashes"]?.[i]),
      })),
    );
  });

  test("of no-fly zones has a row for each occurrence", async () => {
    expect(parsed((await ledger.get("/v1/nfz?format=csv")).text)).toEqual([
      {
        cluster: "alpha",
        nfz: "freeze",
        from: "2026-04-10T00:00:00.000Z",
        to: "2026-04-20T00:00:00.000Z",
        inForce: "true",
        inFlight: "finish",
        noFastPath: "false",
        scope: "",
        recurrence: "",
        tzdata: "",
        resolvedUntil: "",
      },
    ]);
  });

  test("links to its next page, which is CSV at the same position", async () => {
    for (const url of ["/v1/nodes?limit=1", "/v1/events?limit=2", "/v1/faults?limit=1"]) {
      const first = await ledger.get(asCsv(url));
      const [, next = ""] = /^<(.+)>; rel="next"$/.exec(String(first.headers["link"])) ?? [];
      const second = await ledger.get(next);
      expect([url, second.headers["content-type"]]).toEqual([url, "text/csv; charset=utf-8"]);
      expect(second.headers["fleetledger-sequence"]).toBe(first.headers["fleetledger-sequence"]);
      expect(parsed(second.text)).not.toEqual(parsed(first.text));
      expect(Object.keys(parsed(second.text)[0] ?? {})).toEqual(
        Object.keys(parsed(first.text)[0] ?? {}),
      );
    }
  });

  test("comes to who prefers CSV, and other formats are refused with a pointer", async () => {
    const answer = await ledger.get("/v1/jobs", { accept: "text/csv" });
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const refused = await ledger.get("/v1/events?format=html");
    expect([refused.status, refused.json["errors"]]).toEqual([
      400,
      [expect.objectContaining({ path: "/query/format" })],
    ]);
  });
});
