/** By what an event is looked up, from its row and from the event itself. */
/** In the place of the cluster of a row whose data cannot be parsed: it is found in every cluster, so that its reader is told. */
export const malformed: unique symbol = Symbol("malformed");

/** What of an event its block keeps. */
export interface LookedUp {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** `null` for an event without one; `malformed` where the row's data cannot be parsed. */
  readonly cluster: string | null | typeof malformed;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly recordedAt: number;
}

/** The cluster in stored data; `null` if they name none. */
export function clusterOf(dataJson: string): LookedUp["cluster"] {
  try {
    return clusterIn(JSON.parse(dataJson));
  } catch (error) {
    if (error instanceof SyntaxError) return malformed;
    throw error;
  }
}

/** The cluster that data name; `null` if they name none. */
export function clusterIn(data: unknown): string | null {
  if (typeof data !== "object" || data === null || !("cluster" in data)) return null;
  return typeof data.cluster === "string" ? data.cluster : null;
}

/** Corrections belong to the cluster of the first event of their stream. */
export function isCorrectionType(type: string): boolean {
  return type === "FactCorrected" || type === "FactRetracted";
}
