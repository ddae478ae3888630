/** Random ledgers under random other calendars of no-fly zones, against an independent reading. */
import { expect, test } from "vitest";
import { nfzCostIn } from "../../../projections/figures/nfz-cost/cost.ts";
import { rolloutsOf } from "../../../projections/impact/fleet.ts";
import { otherHistory } from "../../../projections/what-if/other-history.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { randomSource } from "../../histories/random-source.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import type { OracleEvent, OracleFact } from "../facts/oracle-event.ts";
import { instantText } from "../facts/oracle-event.ts";
import { nodesOf } from "../figures/node-states.ts";
import { rawEvents } from "../gate/random-ledger.ts";
import { viewsOf } from "../gate/views.ts";
import { slaDocument } from "../../../projections/document/sla-document.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { oracleSlaDocument } from "../sla-oracle.ts";
import { costIn } from "../nfz-cost/cost.ts";
import { randomCost } from "../nfz-cost/random-cost.ts";
import { otherHistory as otherByPage } from "./other-history.ts";

/** Declarations alone, some of parts of the cluster; they begin with the history, or later. */
function randomCalendar(seed: number, from: number): OracleEvent[] {
  const random = randomSource(seed + 2_000_000);
  const hour = (hours: number) => from + hours * 3_600_000;
  return ["y1", "y2", "y3"].slice(0, random.between(0, 3)).map((nfz) => {
    const at = hour(random.pick([0, 0, 0, 5]));
    const scope = random.pick([
      null,
      { racks: ["r1"] },
      { nodes: ["n1", "x1"] },
      { racks: ["r9"] },
    ]);
    const starts = random.shuffled(Array.from({ length: 30 }, (_, i) => i)).slice(0, 3);
    const occurrences = starts.map((start) => ({
      from: instantText(hour(start)),
      to: instantText(hour(start + random.between(1, 9))),
    }));
    const data = { cluster: "c", nfz, inFlight: "finish", occurrences };
    return {
      id: random.uuid(),
      type: "NfzDeclared",
      occurredAt: instantText(at),
      recordedAt: instantText(at),
      data: scope === null ? data : { ...data, scope },
    };
  });
}

const textOf = (node: string, id: string | null, from: number, to: number) =>
  `${node} ${id} ${from} ${to}`;

function maintenanceIn(view: ClusterView): string[] {
  return [...view.entities("node")]
    .flatMap(({ node, maintenance }) =>
      maintenance.map((each) => textOf(node, each.maintenanceId, each.from, each.to)),
    )
    .sort();
}

function maintenanceBy(facts: readonly OracleFact[]): string[] {
  return nodesOf(facts)
    .flatMap(({ node, stretches }) =>
      stretches
        .filter(({ kind }) => kind === "maintenance")
        .map((each) => textOf(node, each.maintenanceId, each.from, each.to)),
    )
    .sort();
}

/** Without event ids: those of a hypothesis are its own. */
function withoutIds(nis: object): object {
  return JSON.parse(
    JSON.stringify(nis, (name, value: unknown) => (name === "eventIds" ? [] : value)),
  ) as object;
}

/** The NIS of a window by the reference for reports, over the facts as events of a ledger that has come as far. */
function nisBy(facts: readonly OracleFact[], head: number, period: string): object {
  const ofNodes = facts.filter(({ type }) => type.startsWith("Node") || type === "SlaPolicySet");
  const events = ofNodes.map(({ id, type, at, recordedAt, data }) => ({
    id,
    type,
    occurredAt: instantText(at),
    recordedAt: instantText(recordedAt),
    data,
  }));
  const reached = {
    id: "reached",
    type: "ClusterRegistered",
    occurredAt: instantText(head),
    recordedAt: instantText(head),
    data: { cluster: "elsewhere" },
  };
  const document = oracleSlaDocument([...events, reached], { cluster: "c", period, zone: "UTC" });
  return (document as unknown as { readonly nis: object }).nis;
}

test("another calendar makes what an independent reading makes of it", () => {
  const seen = { zones: 0, blocked: 0, moved: 0, thaws: 0, nis: 0, excluded: 0 };
  for (let seed = 1; seed <= soakRuns(500, 50); seed++) {
    const { events, windows } = randomCost(seed);
    const some = randomSource(seed + 1_000_000).between(1, events.length);
    const calendar = randomCalendar(seed, Date.parse("2026-03-01T00:00:00.000Z"));
    const zones = plainClusterViewAt(rawEvents(calendar), "c", calendar.length);
    for (const view of viewsOf(events, seed, some)) {
      const facts = effectiveFacts(events.slice(0, view.sequence));
      const own = facts.filter(({ data }) => data.cluster === "c");
      const facet = otherByPage(own, effectiveFacts(calendar));
      const other = otherHistory(view, view, [...zones.entities("nfz")]);
      const where = { seed, sequence: view.sequence };
      const maintenance = maintenanceBy(facet);
      expect({ ...where, maintenance: maintenanceIn(other) }).toEqual({ ...where, maintenance });
      if (maintenance.join() !== maintenanceBy(own).join()) seen.moved++;
      for (const window of windows) {
        const told = nfzCostIn(other, rolloutsOf(other), window);
        const expected = costIn(facet, window);
        expect({ ...where, window, ...told }).toEqual({ ...where, window, ...expected });
        const head = view.headRecordedAt ?? 0;
        const isReached = window.to <= head && facet.every(({ recordedAt }) => recordedAt <= head);
        if (!isReached || own.every(({ type }) => !type.startsWith("Node"))) continue;
        const period = `${instantText(window.from)}/${instantText(window.to)}`;
        const { nis } = slaDocument(other, { period, zone: "UTC" }, firstZones);
        const wanted = withoutIds(nisBy(facet, head, period));
        expect({ ...where, window, nis: withoutIds(nis) }).toMatchObject({
          ...where,
          window,
          nis: wanted,
        });
        seen.nis++;
        if (nis.excludedNodeMs > 0) seen.excluded++;
        seen.zones += expected.nfzs.length;
        if (expected.blockedMs > 0) seen.blocked++;
        seen.thaws += expected.thaws.length;
      }
    }
  }
  for (const [name, count] of Object.entries(seen)) expect([name, count > 5]).toEqual([name, true]);
});
