import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { adoptNewestZones } from "../../src/ledger/zone-tables.ts";
import { findReport, issueReport, reissue } from "../../src/reports/issued/issue.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { carryTable } from "../../src/zones/carried-tables.ts";
import type { PackedTable } from "../../src/zones/packed-table.ts";
import { firstZones, zonesInForce } from "../../src/zones/zones.ts";
import { temporaryLedger } from "./temporary-ledger.ts";
import { uuid } from "./sample-events.ts";

const clock = { nowMs: () => Date.parse("2026-06-01T00:00:00Z") };
const commissioned = {
  id: uuid(1),
  type: "NodeCommissioned",
  occurredAt: "2026-01-01T00:00:00Z",
  data: { cluster: "alpha", node: "n1" },
};

/** The shipped table, in which Berlin's clocks are those of Tokyo. */
function madeUpTable(): PackedTable {
  const shipped = createRequire(import.meta.url)(
    "moment-timezone/data/packed/latest.json",
  ) as PackedTable;
  const tokyo = shipped.zones.find((zone) => zone.startsWith("Asia/Tokyo|")) ?? "";
  return {
    version: "2099z",
    links: shipped.links,
    zones: shipped.zones.map((zone) =>
      zone.startsWith("Europe/Berlin|") ? tokyo.replace("Asia/Tokyo", "Europe/Berlin") : zone,
    ),
  };
}

function march(ledger: Ledger, sequence?: number): string {
  const view = ledger.view("alpha", sequence);
  const request = { period: "2026-03", zone: "Europe/Berlin" };
  return canonicalJson(slaDocument(view, request, zonesInForce(view.zoneTable)));
}

async function settled(ledger: Ledger): Promise<void> {
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
}

describe("tables of time zones", () => {
  test("include the first one that the project shipped", () => {
    expect(zonesInForce("2026f")).toBe(firstZones);
  });

  test("are adopted by an event, and earlier answers keep their bytes", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    await ledger.submit([commissioned]);
    await settled(ledger);
    expect(await adoptNewestZones(ledger, clock)).toBeNull();
    const before = march(ledger);
    const issuing = { ledger, tree: await openLedgerTree(ledger.store), clock };
    const order = { report: "annex", cluster: "alpha", period: "2026-03", attribution: {} };
    await issueReport(issuing, { ...order, zone: "Europe/Berlin" });
    await settled(ledger);
    const issued = await findReport(ledger, "annex");
    if (issued === null) throw new Error("the report is not there");
    const { bytes } = await reissue(ledger, issued);

    carryTable(madeUpTable());
    expect(march(ledger)).toBe(before.replace('"sequence":1}', '"sequence":2}'));
    expect(await adoptNewestZones(ledger, clock)).toBe("2099z");
    await settled(ledger);
    expect(await adoptNewestZones(ledger, clock)).toBeNull();
    expect(JSON.parse(march(ledger))).toMatchObject({
      tzdata: "2099z",
      period: { from: "2026-02-28T15:00:00.000Z" },
    });
    expect(march(ledger, 1)).toBe(before);
    expect((await reissue(ledger, issued)).bytes).toBe(bytes);

    await ledger.close();
    const again = await temporary.open({ clock });
    expect(march(again, 1)).toBe(before);
    expect((await reissue(again, issued)).bytes).toBe(bytes);
    expect(JSON.parse(march(again))).toMatchObject({ tzdata: "2099z" });
  });

  test("that the project does not ship are refused by name", () => {
    expect(() => zonesInForce("1999a")).toThrow(/1999a/);
  });
});
