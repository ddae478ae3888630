/** The same log again: grown, shrunk, reordered, corrected. What the latest file says of each row holds. */
import { describe, expect, test } from "vitest";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { clock } from "../payloads/deliveries.ts";
import { SiteLog } from "./site-log.ts";

const header = "id,node,from,to,why";
const changes = {
  row: ["id"],
  cause: { column: "why", values: { HW: "hardware", SW: "software" } },
};
const rows = {
  a: "a,n1,2026-03-01 00:00,2026-03-01 02:00,HW",
  b: "b,n2,2026-03-02 00:00,,HW",
  bEnded: "b,n2,2026-03-02 00:00,2026-03-02 03:00,HW",
  bEarlier: "b,n2,2026-03-02 00:00,2026-03-02 01:00,SW",
  c: "c,n3,2026-03-03 00:00,2026-03-03 01:00,SW",
  cElsewhere: "c,n4,2026-03-03 00:00,2026-03-03 01:00,SW",
  d: "d,n1,2026-03-04 00:00,2026-03-04 01:00,HW",
  dMoved: "d,n1,2026-03-04 12:00,2026-03-04 14:00,HW",
  e: "e,n1,2026-03-01 01:00,2026-03-01 05:00,HW",
};

describe("the same log", () => {
  const versions = [
    [rows.a, rows.b],
    [rows.c, rows.bEnded, rows.a],
    [rows.d, rows.c],
    [rows.e, rows.dMoved, rows.bEarlier],
    [rows.a, rows.bEarlier, rows.cElsewhere, rows.dMoved, rows.e],
  ];

  test("in five versions that grow, shrink and are reordered gives the figures of the last", () => {
    const log = new SiteLog(changes);
    for (const version of versions) log.take(header, ...version);
    const alone = new SiteLog(changes);
    alone.take(header, ...(versions.at(-1) ?? []));
    // By hand: a and e overlap on n1 (0:00 to 5:00), b 1 h, c 1 h on n4, d 2 h.
    expect(log.figures()).toEqual({ downMinutes: (5 + 1 + 1 + 2) * 60, opened: 5, closed: 5 });
    const report = (of: SiteLog) => {
      const { nis, mttr } = of.ledger.report("site", "2026-03", "UTC");
      return { nis, byCause: mttr.byCause, meanMs: mttr.meanMs };
    };
    expect(report(log)).toEqual(report(alone));
  });

  test("again, or an older file of it, changes nothing", () => {
    const log = new SiteLog(changes);
    for (const version of versions) log.take(header, ...version);
    const before = log.ledger.events.length;
    expect(log.take(header, ...(versions.at(-1) ?? []))).toMatchObject({
      appended: 0,
      absorbed: 5,
    });
    expect(log.ledger.events).toHaveLength(before);
  });

  test("month by month loses nothing and doubles nothing", () => {
    const log = new SiteLog(changes);
    log.take(header, rows.a, rows.c);
    log.take(header, rows.dMoved);
    expect(log.take(header, rows.dMoved, rows.a)).toMatchObject({ appended: 0, absorbed: 2 });
    expect(log.figures()).toEqual({ downMinutes: (2 + 1 + 2) * 60, opened: 3, closed: 3 });
  });

  test("with a row that becomes maintenance takes the fault back", () => {
    const log = new SiteLog({ ...changes, maintenance: { match: { why: "PM" } } });
    log.take(header, rows.a);
    expect(log.figures().opened).toBe(1);
    log.take(header, rows.a.replace("HW", "PM"));
    expect(log.figures()).toEqual({ downMinutes: 0, opened: 0, closed: 0 });
    log.take(header, rows.a);
    expect(log.figures()).toEqual({ downMinutes: 120, opened: 1, closed: 1 });
  });

  test("with two rows of one identity refuses the second", () => {
    const { refused } = new SiteLog(changes).take(header, rows.d, rows.dMoved);
    expect(refused).toMatchObject([
      { path: "/rows/2", detail: 'id "d": an earlier row of the file has the same' },
    ]);
  });

  test("that grows at its top and is read by position gives the figures of the last file", () => {
    const log = new SiteLog({ cause: changes.cause });
    log.take(header, rows.a, rows.c);
    log.take(header, rows.d, rows.a, rows.c);
    expect(log.figures()).toEqual({ downMinutes: (1 + 2 + 1) * 60, opened: 3, closed: 3 });
  });
});

test("a row that names another node is moved in a real ledger, also after it was opened again", async () => {
  await using temporary = temporaryLedger();
  const {
    sources: [source],
  } = readSources({
    sources: [
      {
        name: "site",
        kind: "csv",
        cluster: "site",
        node: "{node}",
        start: "from",
        end: "to",
        time: { format: "yyyy-MM-dd HH:mm", zone: "UTC" },
        ...changes,
      },
    ],
  });
  if (source === undefined) throw new Error("no source");
  const take = async (exportedAt: number, ...some: string[]) => {
    const ledger = await temporary.open({ clock });
    const text = [header, ...some].join("\n");
    const answer = await takePayload(ledger, source, text, { actor: "t", exportedAt });
    const { sequence } = await ledger.store.head();
    await ledger.waitFor(sequence, 600_000);
    const view = ledger.view("site");
    const failed = ["n3", "n4"].filter((node) =>
      view.facts("node", node).some(({ type }) => type === "NodeFailed"),
    );
    await ledger.close();
    return { answer, failed };
  };
  expect(await take(1_000, rows.c)).toMatchObject({ answer: { appended: 2 }, failed: ["n3"] });
  expect(await take(2_000, rows.cElsewhere)).toMatchObject({ failed: ["n4"] });
  const older = await take(1_500, rows.c);
  expect(older).toMatchObject({ answer: { appended: 0, absorbed: 1 }, failed: ["n4"] });
  expect(await take(3_000, rows.c)).toMatchObject({ failed: ["n3"] });
});
