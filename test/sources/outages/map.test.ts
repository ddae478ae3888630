/** Everything that a map of an outage log can name, each with a small file and figures computed by hand. */
import { describe, expect, test } from "vitest";
import { SiteLog } from "./site-log.ts";

const hour = 60;
const header = "node,from,to";

describe("a map names", () => {
  test("values that mean: not over yet", () => {
    const log = new SiteLog({
      notOver: { values: ["Unknown", "NULL", "0"], from: "2037-01-01" },
    });
    log.take(
      header,
      "n1,2026-03-31 22:00,Unknown",
      "n2,2026-03-31 23:00,0",
      "n3,2026-03-31 23:30,9999-12-31 00:00",
      "n4,2026-03-01 00:00,2026-03-01 01:00",
    );
    // Until the end of March: 2 h + 1 h + 0.5 h, and the hour of n4.
    expect(log.figures()).toEqual({ downMinutes: 4.5 * hour, opened: 4, closed: 1 });
  });

  test("rows that are maintenance, with the instant at which they were announced", () => {
    const log = new SiteLog({
      maintenance: { match: { why: ["planned*", "PM"] }, announced: "said" },
    });
    log.take(
      `${header},why,said`,
      "n1,2026-03-10 10:00,2026-03-10 12:00,Planned work,2026-03-01 09:00",
      "n2,2026-03-10 10:00,2026-03-10 11:00,broken,",
    );
    expect(log.figures()).toEqual({ downMinutes: hour, opened: 1, closed: 1 });
    expect(log.told()).toEqual(
      expect.arrayContaining([
        "NodeMaintenanceAnnounced n1 2026-03-01T09:00",
        "NodeMaintenanceStarted n1 2026-03-10T10:00",
        "NodeMaintenanceEnded n1 2026-03-10T12:00",
      ]),
    );
  });

  test.for([
    ["minutes", "90", "30"],
    ["hours", "1.5", "0.5"],
    ["h:mm", "1:30", "0:30"],
  ] as const)("a length in %s instead of an end", ([unit, first, second]) => {
    const log = new SiteLog({ end: undefined, duration: { column: "took", unit } });
    log.take("node,from,took", `n1,2026-03-01 00:00,${first}`, `n2,2026-03-01 00:00,${second}`);
    expect(log.figures()).toEqual({ downMinutes: 2 * hour, opened: 2, closed: 2 });
  });

  test("a length as a check of the end: a row whose end does not fit is refused", () => {
    const log = new SiteLog({ duration: { column: "took", unit: "minutes" } });
    const { refused } = log.take(
      `${header},took`,
      "n1,2026-03-01 00:00,2026-03-01 01:00,60",
      "n2,2026-03-01 00:00,2026-03-01 01:00,90",
      "n3,2026-03-01 00:00,2026-03-01 01:00,soon",
    );
    expect(refused).toMatchObject([
      { path: "/rows/2", detail: 'took: "90" does not fit the end, 60 minutes after the start' },
      { path: "/rows/3", detail: 'took: "soon" is not a length in minutes' },
    ]);
    expect(log.figures()).toEqual({ downMinutes: hour, opened: 1, closed: 1 });
  });

  test("that a log has instants without ends: faults without duration", () => {
    const log = new SiteLog({ end: undefined, instants: true });
    log.take("node,from", "n1,2026-03-01 00:00", "n1,2026-03-02 00:00");
    expect(log.figures()).toEqual({ downMinutes: 0, opened: 2, closed: 2 });
  });

  test("several nodes in a cell, a hostlist, and the whole cluster", () => {
    const log = new SiteLog({
      severalNodes: { separator: ";", hostlist: true, wholeCluster: ["ALL"] },
    });
    const { observations, refused } = log.take(
      header,
      "n1; n2,2026-03-01 00:00,2026-03-01 01:00",
      '"n[1-2,4]",2026-03-02 00:00,2026-03-02 01:00',
      "ALL,2026-03-03 00:00,2026-03-03 01:00",
      '"n[1-",2026-03-04 00:00,2026-03-04 01:00',
    );
    expect([observations, refused]).toMatchObject([4, [{ path: "/rows/4" }]]);
    expect(log.figures()).toEqual({ downMinutes: (2 + 3 + 4) * hour, opened: 9, closed: 9 });
  });

  test("two formats of times", () => {
    const log = new SiteLog({
      time: { format: ["yyyy-MM-dd HH:mm", "M/d/yyyy H:mm"], zone: "UTC" },
    });
    log.take(header, "n1,3/1/2026 0:00,2026-03-01 01:00", "n2,2026-03-01 00:00,3/1/2026 2:00");
    expect(log.figures()).toEqual({ downMinutes: 3 * hour, opened: 2, closed: 2 });
  });

  test("an offset within the text, which is taken as it says", () => {
    const time = { format: "yyyy-MM-dd HH:mm ZZ" };
    const log = new SiteLog({ time });
    log.take(header, "n1,2026-03-01 02:00 +02:00,2026-03-01 00:00 -01:00");
    expect(log.told()).toEqual([
      "NodeFailed n1 2026-03-01T00:00",
      "NodeReturned n1 2026-03-01T01:00",
    ]);
  });

  test("cells with several causes, of which the first known one counts", () => {
    const values = { HW: "hardware", Net: "network" };
    const log = new SiteLog({ cause: { column: "why", values, separator: "/" } });
    const { notes } = log.take(
      `${header},why`,
      "n1,2026-03-01 00:00,2026-03-01 01:00,odd / Net / HW",
    );
    const { byCause } = log.ledger.report("site", "2026-03", "UTC").mttr;
    expect(byCause).toMatchObject({ network: { closed: 1 } });
    expect(notes).toMatchObject([{ kind: "several-causes" }]);
  });

  test("replacements in names", () => {
    const log = new SiteLog({
      replace: [
        { from: "host-", to: "n" },
        { from: ".lab", to: "" },
      ],
    });
    log.take(header, "host-1.lab,2026-03-01 00:00,2026-03-01 01:00");
    expect(log.figures()).toEqual({ downMinutes: hour, opened: 1, closed: 1 });
  });

  test("columns that say from when to when a node is a member", () => {
    const members = { nodes: { seen: true }, from: { column: "in" }, to: { column: "out" } };
    const log = new SiteLog({ members });
    const { notes } = log.take(
      `${header},in,out`,
      "n1,2026-03-02 00:00,2026-03-02 01:00,2026-03-01 00:00,2026-03-11 00:00",
      "n2,2026-03-30 00:00,2026-03-30 01:00,2026-03-30 00:00,",
      "n3,2026-03-02 00:00,2026-03-02 01:00,,",
    );
    const { nis, mttr } = log.ledger.report("site", "2026-03", "UTC");
    // Ten days of n1 and the last two of n2; n3 is no member.
    expect([nis.memberNodeMs / 86_400_000, nis.downNodeMs / 60_000]).toEqual([12, 2 * hour]);
    expect([mttr.faultsClosed, notes.map(({ kind }) => kind)]).toEqual([2, ["no-membership"]]);
  });

  test("a filter", () => {
    const log = new SiteLog({ where: { site: "A" } });
    const { observations } = log.take(
      `${header},site`,
      "n1,2026-03-01 00:00,2026-03-01 01:00,A",
      "n2,2026-03-01 00:00,2026-03-01 01:00,B",
    );
    expect([observations, log.figures().closed]).toEqual([1, 1]);
  });
});

describe("rows that several columns identify", () => {
  test("are told apart whatever their cells hold", () => {
    const log = new SiteLog({ row: ["a", "b"] });
    const { refused } = log.take(
      `${header},a,b`,
      "n1,2026-03-01 00:00,,x|y,z",
      "n2,2026-03-01 00:00,,x,y|z",
      "n3,2026-03-01 00:00,,x\\,y",
      "n4,2026-03-01 00:00,,x,\\y",
    );
    expect([refused, log.figures().opened]).toEqual([[], 4]);
  });
});

describe("a refusal", () => {
  test("of an instant to come names its column and value", () => {
    const { refused } = new SiteLog().take(
      header,
      "n1,2027-03-01 00:00,",
      "n1,2026-03-01 00:00,2027-03-01 00:00",
    );
    expect(refused.map(({ path, detail }) => `${path} ${detail.slice(0, 60)}`)).toEqual([
      '/rows/1 from: "2027-03-01 00:00" is more than 5 minutes ahead of the',
      '/rows/2 to: "2027-03-01 00:00" is more than 5 minutes ahead of the l',
    ]);
  });

  test("names the row, the column and the value", () => {
    const { refused } = new SiteLog().take(
      header,
      "n1,yesterday,2026-03-01 01:00",
      "n1,2026-03-01 00:00,never",
      "n1,2026-03-01 02:00,2026-03-01 00:00",
    );
    expect(refused.map(({ path, detail }) => `${path} ${detail}`)).toEqual([
      '/rows/1 from: "yesterday" is not a time of the form yyyy-MM-dd HH:mm',
      '/rows/2 to: "never" is not a time of the form yyyy-MM-dd HH:mm',
      "/rows/3 to 2026-03-01 00:00 lies before from 2026-03-01 02:00",
    ]);
  });
});

describe("a map that contradicts itself", () => {
  test.for([
    [{ end: undefined }, "/sources/0/end is needed, or duration, or instants"],
    [{ instants: true }, "/sources/0/instants cannot stand beside end"],
    [{ members: { nodes: { list: ["n1"] }, from: { column: "in" } } }, "/sources/0/members/nodes"],
    [
      { time: { format: "yyyy-MM-dd'T'HH:mm'Z'", zone: "America/Denver" } },
      "/sources/0/time/zone must be UTC, since the format has 'Z'",
    ],
  ] as const)("is refused: %j", ([changes, why]) => {
    expect(() => new SiteLog(changes)).toThrow(why);
  });

  test("is none if the letter for UTC stands in a format of a zone that shows UTC", () => {
    const log = new SiteLog({ time: { format: "yyyy-MM-dd'T'HH:mm'Z'", zone: "UTC" } });
    log.take(header, "n1,2026-03-01T10:00Z,");
    expect(log.told()).toEqual(["NodeFailed n1 2026-03-01T10:00"]);
  });
});
