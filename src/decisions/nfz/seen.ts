/** What decisions about no-fly zones are based on, and their instant. */
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { nfzKind } from "../../../projections/nfz/kind.ts";
import type { NfzTimeline } from "../../../projections/nfz/timeline.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { zonesInForce } from "../../zones/zones.ts";
import type { Deciding } from "../command/deciding.ts";
import { decisionInstant } from "../command/instant.ts";
import type { OwnFacts } from "../command/facts-of-stream.ts";

/**
 * The instant of a change of an NFZ. It is also later than every decision that this process has made or seen, so that no
 * decision was made at an instant for which the change says something else.
 */
export function nfzInstant(deciding: Deciding, P: number, latestOwnAt: number): number {
  const { ledger, latestDecisionAt } = deciding;
  return Math.max(decisionInstant(ledger, P, latestOwnAt), latestDecisionAt() + 1);
}

/** The zone table that the ledger had adopted by P. */
export function zonesAt(ledger: Ledger, P: number): ZoneTable {
  return zonesInForce(ledger.view("", P).zoneTable);
}

/** The NFZ in a cluster, by all of its own facts. */
export function timelineIn(own: OwnFacts, nfz: string, cluster: string): NfzTimeline {
  return foldEntity(nfzKind, nfz, own.byCluster.get(cluster) ?? []);
}
