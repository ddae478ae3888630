/** As for payloads in JSON: whatever stands in a cell of a table, only its row is refused, for its form, and in no time. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decidedRefusals } from "../../../src/ledger/append/checked-entry.ts";
import { maxNodesPerLog } from "../../../src/limits/sources.ts";
import { previewPayload, standingOfNothing } from "../../../src/sources/intake/take-payload.ts";
import { randomRuns } from "../../random-runs.ts";
import { clock, sourceOf } from "../payloads/deliveries.ts";

const slurm = {
  kind: "slurm-events",
  cluster: "{Cluster}",
  node: "{NodeName}",
  reasons: [{ match: "*xid*", component: "{Reason}", codes: ["{Reason}"] }],
};
const events = [
  ["Cluster", "NodeName", "TimeStart", "TimeEnd", "State", "Reason", "User"],
  ["c1", "n1", "2026-03-02T10:00:00", "2026-03-02T10:20:00", "DOWN*", "Not responding", "root"],
  ["c1", "n1", "2026-03-02T10:20:00", "Unknown", "DRAIN", "XID 79", "root"],
];
const jobs = [
  ["JobIDRaw", "Cluster", "User", "JobName", "Submit", "Start", "End", "State", "NNodes"],
  ["5001", "c1", "ann", "a", "1772445600", "1772445601", "1772449200", "NODE_FAIL", "2"],
  ["5002", "c1", "ann", "a", "1772445600", "1772445601", "Unknown", "RUNNING", "2"],
].map((row, i) => [...row, i === 0 ? "NodeList" : "n[1-2]"]);
const log = [
  ["T", "N", "S", "E", "D", "K", "A", "C"],
  ["a", "n1", "2026-03-01 10:00", "2026-03-01 11:00", "60", "hw", "2026-02-01 10:00", "4"],
  ["b", "n2;n[3-4]", "2026-03-01 10:00", "", "", "maint", "2026-02-01 10:00", "4"],
  ["c", "ALL", "2026-03-02 10:00", "2026-03-02 11:00", "60", "net", "", "4"],
];
const map = {
  kind: "csv",
  cluster: "c{C}",
  node: "{N}",
  row: ["T", "K"],
  start: "S",
  end: "E",
  duration: { column: "D", unit: "minutes" },
  maintenance: { match: { K: "maint*" }, announced: "A" },
  severalNodes: { separator: ";", hostlist: true, wholeCluster: ["ALL"] },
  cause: { column: "K", values: { hw: "hardware" }, separator: "/" },
  time: { format: ["yyyy-MM-dd HH:mm", "unix"], zone: "America/Denver" },
};
const from = "2026-01-01";
const tables: readonly (readonly [config: object, rows: string[][], delimiter: string])[] = [
  [{ ...slurm, zone: "America/Denver" }, events, "|"],
  [{ ...slurm, timeFormat: "unix" }, events, "|"],
  [{ kind: "slurm-jobs", cluster: "{Cluster}", job: "{User}", timeFormat: "unix" }, jobs, "|"],
  [{ ...map, members: { nodes: { countColumn: "C", name: "n{n}" }, from } }, log, ","],
  [{ ...map, members: { nodes: { seen: true }, from: { column: "S" } } }, log, ","],
];

const cells =
  ' ;0;-1;1e9;99999999999999999999;-62135596800;253402300800;1772445600.5;"a;a"b;é;a b;*;+;$;n[;DOWN+MAINT;IDLE+;' +
  "n[1-3];n[1-99999999];n1,n2;ALL;{N};Unknown;5001.batch;9999-12-31T23:59:59;9999-12-31 23:59;0001-01-01 00:00";
const odd = fc.oneof(
  fc.constantFrom("", "\u0000", "x".repeat(300), "x".repeat(70_000), ...cells.split(";")),
  fc.string({ maxLength: 20 }),
);

const nowMs = clock.nowMs();
const standing = {
  ...standingOfNothing(nowMs),
  refusalsOf: async (inputs: readonly object[]) => {
    const refusals = decidedRefusals(inputs, nowMs);
    expect([...refusals.values()].map(({ message }) => message)).toEqual([]);
    return refusals;
  },
};
const preview = async (config: object, text: string) => {
  const source = sourceOf({ name: "odd", ...config });
  return await previewPayload(standing, source, text, { actor: "key", exportedAt: nowMs });
};

test("a table with anything odd in a cell loses that row alone, and the counts fit", async () => {
  const places = tables.flatMap(([config, rows, delimiter]) =>
    rows
      .slice(1)
      .flatMap((row, y) => row.map((_, x) => ({ config, rows, delimiter, x, y: y + 1 }))),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      odd,
      async ({ config, rows, delimiter, x, y }, cell) => {
        const text = rows
          .map((row, i) => row.map((each, k) => (i === y && k === x ? cell : each)))
          .map((row) => row.join(delimiter))
          .join("\n");
        const { answer } = await preview(config, text);
        const { observations, absorbed, ignored, refused } = answer;
        expect(absorbed + ignored + refused.length).toBeLessThanOrEqual(observations);
      },
    ),
    { numRuns: randomRuns(2_000) },
  );
});

test("a log whose rows name ever so many nodes together is too large", async () => {
  const each = 200_000;
  const rows = Array.from(
    { length: maxNodesPerLog / each + 1 },
    (_, i) => `${i},n[1-${each}],2026-03-01 10:00,,,hw,,4`,
  );
  const text = (...some: readonly string[]) => ["T,N,S,E,D,K,A,C", ...some].join("\n");
  await expect(preview(map, text(...rows))).rejects.toMatchObject({ code: "too-large" });
  const all = rows.map((row) => row.replace(`n[1-${each}]`, "ALL"));
  const members = { nodes: { list: [`n[1-${each}]`] }, from };
  await expect(preview({ ...map, members }, text(...all))).rejects.toMatchObject({
    code: "too-large",
  });
});
