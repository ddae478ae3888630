import type { OracleData, OracleEvent } from "./facts/oracle-event.ts";
import { oracleSlaDocument } from "./sla-oracle.ts";
import type { OracleDocument } from "./sla-oracle.ts";

const HOUR = 3_600_000;
const BEGIN = Date.parse("2026-03-10T00:00:00.000Z");

/** The instant so many hours after the beginning of the hand-written histories. */
export function hour(hours: number): string {
  return new Date(BEGIN + Math.round(hours * HOUR)).toISOString();
}

/** The id of the n-th event, n from 1, of a hand-written history. */
export function idOf(place: number): string {
  return `00000000-0000-4000-8000-${String(place).padStart(12, "0")}`;
}

/** An event of cluster `c`: its type, when it happened in hours, its data, and in which hour it was recorded, if not then. */
export type Line = readonly [type: string, hours: number, data: OracleData, recorded?: number];

/** A history from its lines; the n-th has the id `idOf(n)`. */
export function historyOf(lines: readonly Line[]): OracleEvent[] {
  return lines.map(([type, hours, data, recorded], index) => ({
    id: idOf(index + 1),
    type,
    occurredAt: hour(hours),
    recordedAt: hour(recorded ?? hours),
    data: type.startsWith("Fact") ? data : { cluster: "c", ...data },
  }));
}

/** The report of cluster `c` over some hours; the ledger is known to have heard of the last of them. */
export function reportOf(lines: readonly Line[], from: number, to: number): OracleDocument {
  const heard: Line = ["ClusterRegistered", to, {}];
  return oracleSlaDocument(historyOf([...lines, heard]), {
    cluster: "c",
    period: `${hour(from)}/${hour(to)}`,
  });
}

/** A policy with the defaults of measures.md but for what is given. */
export function policyData(changes: OracleData): OracleData {
  return {
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 48 * HOUR,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 0,
    excludeUnknown: false,
    zone: "UTC",
    ...changes,
  };
}

export const inHours = (hours: number): number => Math.round(hours * HOUR);
