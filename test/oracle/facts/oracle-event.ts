/** What the oracle reads: events as they lie in a ledger, in their order; the place in the array, from 1, is the sequence. */
export interface OracleEvent {
  readonly id: string;
  readonly type: string;
  /** RFC 3339, UTC, with milliseconds. */
  readonly occurredAt: string;
  /** RFC 3339, UTC, with milliseconds. */
  readonly recordedAt: string;
  readonly data: OracleData;
  readonly actor?: string;
  readonly reason?: string;
}

export interface OracleSpan {
  readonly from: string;
  readonly to: string;
}

export interface OracleUpdate {
  readonly component: string;
  readonly version: string;
  readonly family?: string;
}

/** The fields of all types together: the oracle reads those of the type at hand. */
export interface OracleData {
  readonly cluster?: string;
  readonly nisTarget?: number;
  readonly jobUptimeTarget?: number;
  readonly mttrTargetMs?: number;
  readonly noticeHours?: number;
  readonly monthlyAllowanceNodeHours?: number;
  readonly excludeUnknown?: boolean;
  readonly excludeDownInMaintenance?: boolean;
  readonly zone?: string;
  readonly node?: string;
  readonly rack?: string;
  readonly sku?: string;
  readonly faultId?: string;
  readonly category?: string;
  readonly component?: string;
  readonly phase?: string;
  readonly faultIds?: readonly string[];
  readonly how?: string;
  readonly maintenanceId?: string;
  readonly rolloutId?: string;
  readonly plannedFrom?: string;
  readonly plannedTo?: string;
  readonly observer?: string;
  readonly job?: string;
  readonly nodes?: readonly string[];
  readonly from?: "start" | { readonly checkpointId: string };
  readonly checkpointId?: string;
  readonly durationMs?: number;
  readonly cause?: {
    readonly kind: string;
    readonly faultId?: string;
    readonly node?: string;
    readonly rolloutId?: string;
    readonly maintenanceId?: string;
  };
  readonly outcome?: string;
  readonly rollout?: string;
  readonly targets?: {
    readonly nodes?: readonly string[];
    readonly racks?: readonly string[];
    readonly skus?: readonly string[];
  };
  readonly updates?: readonly OracleUpdate[];
  readonly impact?: { readonly kind: string; readonly secondsPerNode?: number };
  readonly urgency?: string;
  readonly deadline?: string;
  readonly environment?: string;
  readonly coTest?: string;
  readonly coTestEnvironments?: readonly string[];
  readonly coTestValidDays?: number;
  readonly overrideRoles?: readonly string[];
  readonly overrideMaxMs?: number;
  readonly fastPath?: boolean;
  readonly fastPathPasses?: number;
  readonly fastPathNodeDays?: number;
  readonly imminentMs?: number;
  readonly maintenanceMaxMs?: number;
  readonly impactWindowMs?: number;
  readonly maxBundle?: number;
  readonly nfzIds?: readonly string[];
  readonly role?: string;
  readonly expiresAt?: string;
  readonly nodesDone?: number;
  readonly nodesTotal?: number;
  readonly nfz?: string;
  readonly scope?: OracleData["targets"];
  readonly noFastPath?: boolean;
  readonly occurrences?: readonly OracleSpan[];
  readonly inFlight?: string;
  readonly occurrence?: string;
  readonly to?: string;
  readonly eventId?: string;
  readonly occurredAt?: string;
  readonly data?: OracleData;
}

/** A fact as it stands after all corrections. */
export interface OracleFact {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  /** When it happened, as corrected, in milliseconds since 1970. */
  readonly at: number;
  /** When it counts as recorded: the last correction or retraction that touched it, else its own time. */
  readonly recordedAt: number;
  /** The corrections and retractions that touched it, by sequence. */
  readonly amendedBy: readonly string[];
  readonly data: OracleData;
}

/** A report that cannot be given: the period has not begun or was skipped, the zone is unknown, the sequence is past the head. */
export class OracleRefusal extends Error {
  override readonly name = "OracleRefusal";
}

/** An observation that is kept in the ledger and does not fit. */
export interface OracleFinding {
  readonly kind: string;
  readonly fact: OracleFact;
}

/** An instant of the ledger in milliseconds since 1970. */
export function milliseconds(instant: string | undefined): number {
  const value = Date.parse(instant ?? "");
  if (Number.isNaN(value)) throw new Error(`not an instant: ${String(instant)}`);
  return value;
}

export function instantText(value: number): string {
  return new Date(value).toISOString();
}

/** Text by code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Ids compare as lower-case text. */
export function compareIds(a: string, b: string): number {
  return compareText(a.toLowerCase(), b.toLowerCase());
}

/** By instant, then id. */
export function compareFacts(a: OracleFact, b: OracleFact): number {
  return a.at - b.at || compareIds(a.id, b.id);
}

/** A field that the type at hand must have. */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`the field ${field} is missing`);
  return value;
}

/** Groups facts by a name, keeping their order. */
export function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** All distinct instants, in order; two neighbours enclose an elementary interval, in which no state changes. */
export function elementaryIntervals(instants: readonly number[]): { from: number; to: number }[] {
  const distinct = [...new Set(instants)].sort((a, b) => a - b);
  return distinct.slice(1).map((to, index) => ({ from: distinct[index] ?? to, to }));
}
