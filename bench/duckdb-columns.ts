/** The facts of nodes as integer columns in DuckDB, as they were recorded, and NIS and MTTR by one query over them. */
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { stateCodes } from "../projections/node-integers/node-integers.ts";
import { openStore } from "../src/ledger/open-store.ts";

/** As the query names them. */
const codes: Readonly<Record<string, number>> = stateCodes;

/** Types that the query does not ask for. */
const otherCode = 100;

interface NodeData {
  readonly cluster?: string;
  readonly node?: string;
  readonly faultId?: string;
  readonly faultIds?: readonly string[];
  readonly maintenanceId?: string;
}

/** Figures of each month: NIS, and the mean repair time. */
export interface MonthFigures {
  readonly nis: number;
  readonly meanMs: number;
}

interface DuckDbColumns {
  readonly events: number;
  /** When the first event happened. */
  readonly first: number;
  /** The figures as of a sequence: of each cluster, in the order of names, those of each piece between two edges. */
  figures(edges: readonly number[], asOf: number): Promise<MonthFigures[][]>;
}

/** Fills a file with every event of a ledger, interning names and ids; DuckDB gets two threads. */
export async function duckDbColumns(ledger: string, path: string): Promise<DuckDbColumns> {
  const db = await DuckDBInstance.create(path, { threads: "2" });
  const connection = await db.connect();
  await connection.run(
    "create table ev(seq uinteger, type utinyint, cluster utinyint, node uinteger, t bigint, id uinteger)",
  );
  const { events, first } = await fill(connection, ledger);
  await connection.run("checkpoint");
  return { events, first, figures: (edges, asOf) => figures(connection, edges, asOf) };
}

async function fill(
  connection: DuckDBConnection,
  ledger: string,
): Promise<{ readonly events: number; readonly first: number }> {
  const appender = await connection.createAppender("ev");
  const interned = () => {
    const numbers = new Map<string, number>();
    return (name: string | undefined): number => {
      if (name === undefined) return 0;
      const number = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, number);
      return number;
    };
  };
  const [nodes, ids] = [interned(), interned()];
  const store = await openStore(`sqlite:${ledger}`, "read");
  let events = 0;
  let first = Infinity;
  for await (const batch of store.readAll(0)) {
    for (const { sequence, type, occurredAt, data } of batch) {
      const { cluster, node, faultId, faultIds, maintenanceId } = data as NodeData;
      appender.appendUInteger(sequence);
      appender.appendUTinyInt(codes[type] ?? otherCode);
      appender.appendUTinyInt(Number(cluster?.slice("cluster-".length) ?? 0));
      appender.appendUInteger(node === undefined ? 0 : nodes(`${cluster} ${node}`));
      appender.appendBigInt(BigInt(occurredAt));
      appender.appendUInteger(ids(faultId ?? faultIds?.[0] ?? maintenanceId));
      appender.endRow();
      first = Math.min(first, occurredAt);
      events++;
    }
  }
  appender.closeSync();
  await store.close();
  return { events, first };
}

async function figures(
  connection: DuckDBConnection,
  edges: readonly number[],
  asOf: number,
): Promise<MonthFigures[][]> {
  const windows = edges.slice(1).map((to, i) => `(${i}, ${edges[i]}, ${to})`);
  const rows = (await connection.runAndReadAll(query(windows.join(", "), asOf))).getRows();
  const found: MonthFigures[][] = [];
  for (const [cluster, piece, nis, meanMs] of rows) {
    const ofCluster = (found[Number(cluster) - 1] ??= []);
    ofCluster[Number(piece)] = { nis: Number(nis), meanMs: Number(meanMs) };
  }
  return found;
}

/** Late facts come into their place by sorting; what is lost from sight twice, or is seen again twice, counts once. */
function query(windows: string, asOf: number): string {
  return `
with e as (select * from ev where seq <= ${asOf} and type < ${otherCode}),
win(piece, a, b) as (values ${windows}),
faults as (select cluster, node, id, min(t) filter (type = 3) f, min(t) filter (type = 4) r
  from e where type in (3, 4) group by all),
maint as (select cluster, node, id, min(t) filter (type = 5) f, min(t) filter (type = 6) r
  from e where type in (5, 6) group by all),
seen as (select cluster, node, type, t, lag(type) over (partition by node order by t) p
  from e where type in (7, 8)),
edges as (
  select cluster, node, t, 1 m, 0 d, 0 w, 0 u from e where type = 1
  union all select cluster, node, f, 0, 1, 0, 0 from faults where f is not null
  union all select cluster, node, r, 0, -1, 0, 0 from faults where f is not null and r is not null
  union all select cluster, node, f, 0, 0, 1, 0 from maint where f is not null
  union all select cluster, node, r, 0, 0, -1, 0 from maint where f is not null and r is not null
  union all select cluster, node, t, 0, 0, 0, case type when 7 then 1 else -1 end
    from seen where type is distinct from coalesce(p, 8)),
states as (
  select cluster, t, lead(t, 1, 4000000000000) over o e, sum(m) over o m, sum(d) over o d,
    sum(w) over o w, sum(u) over o u
  from edges window o as (partition by node order by t rows unbounded preceding)),
spans as (select cluster, t, e, d = 0 and w = 0 and u = 0 up from states where m > 0 and e > t),
nis as (
  select cluster, piece,
    sum(least(e, b) - greatest(t, a)) filter (up) / sum(least(e, b) - greatest(t, a)) nis
  from spans join win on t < b and e > a group by all),
mttr as (select cluster, piece, avg(r - f) mean from faults join win on r >= a and r < b group by all)
select cluster, piece, nis, mean from nis join mttr using (cluster, piece)`;
}
