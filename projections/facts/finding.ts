/** Data-quality findings: facts that are kept in the ledger but change no figure, or not as intended. */

export const findingKinds = [
  "fault-id-used",
  "return-ends-nothing",
  "return-before-failure",
  "not-a-member",
  "membership-does-not-fit",
  "maintenance-does-not-fit",
  "observation-does-not-fit",
  "job-does-not-fit",
  "unknown-checkpoint",
  "rollout-does-not-fit",
  "nfz-does-not-fit",
  "release-overdue",
] as const;

export type FindingKind = (typeof findingKinds)[number];

/** `at` is the fact's `occurredAt`. */
export interface Finding {
  readonly kind: FindingKind;
  readonly at: number;
  readonly factId: string;
}

/** By time, then fact, then kind. */
export function compareFindings(a: Finding, b: Finding): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.factId !== b.factId) return a.factId < b.factId ? -1 : 1;
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0;
}
