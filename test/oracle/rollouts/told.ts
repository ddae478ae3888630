/** Facts as these checks read them: every one names its entity, and no two of an entity share an instant. */

export interface Told {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  /** As stated at first. */
  readonly at: number;
  readonly data: Data;
  readonly decision?: { readonly command: string; readonly sequence: number };
  readonly reason?: string;
  /** Whether a correction changed it. */
  readonly isCorrected?: true;
}

/** The members of all types together. */
export interface Data {
  readonly rollout?: string;
  readonly nfz?: string;
  readonly node?: string;
  readonly job?: string;
  readonly rack?: string;
  readonly sku?: string;
  readonly faultId?: string;
  readonly faultIds?: readonly string[];
  readonly maintenanceId?: string;
  readonly rolloutId?: string;
  readonly role?: string;
  readonly nodes?: readonly string[];
  readonly targets?: Where;
  readonly scope?: Where;
  readonly updates?: readonly never[];
  readonly urgency?: string;
  readonly deadline?: string;
  readonly impact?: { readonly kind: string; readonly secondsPerNode?: number };
  readonly nfzIds?: readonly string[];
  readonly expiresAt?: string;
  readonly override?: string;
  readonly nodesDone?: number;
  readonly nodesTotal?: number;
  readonly occurrences?: readonly { readonly from: string; readonly to: string }[];
  readonly occurrence?: string;
  readonly to?: string;
  readonly after?: string;
  readonly resolvedUntil?: string;
  readonly inFlight?: string;
  readonly noFastPath?: boolean;
  readonly fastPath?: readonly string[];
  readonly cause?: { readonly kind: string };
  readonly outcome?: string;
  readonly eventId?: string;
  readonly occurredAt?: string;
}

export interface Where {
  readonly nodes?: readonly string[];
  readonly racks?: readonly string[];
  readonly skus?: readonly string[];
}

/** The facts that stand at a position, by instant. Amendments here name no amendments. */
export function standing(told: readonly Told[], position: number): Told[] {
  const seen = told.filter(({ sequence }) => sequence <= position);
  const amends = (id: string, type: string) =>
    seen.filter((each) => each.type === type && each.data.eventId === id);
  return seen
    .filter(({ type }) => !type.startsWith("Fact"))
    .filter(({ id }) => amends(id, "FactRetracted").length === 0)
    .map((each) => {
      const moved = amends(each.id, "FactCorrected").at(-1)?.data.occurredAt;
      return moved === undefined
        ? each
        : { ...each, at: Date.parse(moved), isCorrected: true as const };
    })
    .sort((a, b) => a.at - b.at);
}
