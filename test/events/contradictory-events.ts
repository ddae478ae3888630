/** Events that contradict themselves, each with the members that do, for tests of every door. */

/** An UUID that ends in the number. */
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

export interface Contradictory {
  readonly what: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The members of the data, by pointer from the event. */
  readonly paths: readonly string[];
  /** A part of what the refusal says. */
  readonly says: string;
}

const where = { cluster: "alpha", node: "n1" };
const rollout = { cluster: "alpha", rollout: "r1" };
const submitted = { ...rollout, impact: { kind: "impactless" }, urgency: "routine" };
const coTest = { coTest: "t", cluster: "alpha" };
const [early, late] = ["2026-03-01T10:00:00Z", "2026-03-01T12:00:00Z"];
const zone = { nfz: "z", cluster: "alpha", inFlight: "finish" };
const weekly = { start: "2026-03-07T00:00", zone: "Europe/Berlin", durationMs: 3_600_000 };
const declared = { ...zone, occurrences: [{ from: early, to: late }] };

/** When every one of them occurs. */
export const occurredAt = "2026-03-01T11:00:00Z";

export const contradictory: readonly Contradictory[] = [
  {
    what: "a maintenance that is planned to end before it begins",
    type: "NodeMaintenanceAnnounced",
    data: { ...where, maintenanceId: "m", plannedFrom: late, plannedTo: early },
    paths: ["/data/plannedTo", "/data/plannedFrom"],
    says: "must be after /data/plannedFrom: it ends at 2026-03-01T10:00:00.000Z and begins at 2026-03-01T12:00:00.000Z",
  },
  {
    what: "a maintenance that ends at the instant at which it begins, in another zone",
    type: "NodeMaintenanceAnnounced",
    data: {
      ...where,
      maintenanceId: "m",
      plannedFrom: early,
      plannedTo: "2026-03-01T11:00:00+01:00",
    },
    paths: ["/data/plannedTo", "/data/plannedFrom"],
    says: "must be after /data/plannedFrom",
  },
  {
    what: "a no-fly zone with swapped ends",
    type: "NfzDeclared",
    data: { ...zone, occurrences: [declared.occurrences[0], { from: late, to: early }] },
    paths: ["/data/occurrences/1/to", "/data/occurrences/1/from"],
    says: "must be after /data/occurrences/1/from",
  },
  {
    what: "two occurrences with one beginning",
    type: "NfzDeclared",
    data: {
      ...zone,
      occurrences: [...declared.occurrences, { from: "2026-03-01T11:00:00+01:00", to: late }],
    },
    paths: ["/data/occurrences/1/from", "/data/occurrences/0/from"],
    says: "must differ from /data/occurrences/0/from",
  },
  {
    what: "a no-fly zone without an occurrence",
    type: "NfzDeclared",
    data: { ...zone, occurrences: [] },
    paths: ["/data/occurrences"],
    says: "must name at least one occurrence",
  },
  {
    what: "a recurrence whose rule is none",
    type: "NfzDeclared",
    data: { ...declared, recurrence: { ...weekly, rrule: "every Saturday" } },
    paths: ["/data/recurrence/rrule"],
    says: "must be an RFC 5545 rule, such as FREQ=WEEKLY;BYDAY=SA",
  },
  {
    what: "a recurrence whose rule has parts that may not stand together",
    type: "NfzDeclared",
    data: { ...declared, recurrence: { ...weekly, rrule: "FREQ=WEEKLY;BYDAY=1MO" } },
    paths: ["/data/recurrence/rrule"],
    says: "has a number in BYDAY, which is not allowed with FREQ=WEEKLY",
  },
  ...[
    "no start at all",
    "2026-03-07",
    "2026-03-07T00:00Z",
    "2026-02-30T00:00",
    "2026-03-07T24:00",
  ].map((start) => ({
    what: `a recurrence that starts "${start}"`,
    type: "NfzDeclared",
    data: { ...declared, recurrence: { ...weekly, rrule: "FREQ=WEEKLY", start } },
    paths: ["/data/recurrence/start"],
    says: `must be a local date and time such as 2026-03-07T00:00, without a zone, not "${start}"`,
  })),
  ...["NfzExtended", "NfzShortened"].map((type) => ({
    what: `an occurrence that is to end before it begins (${type})`,
    type,
    data: { nfz: "z", cluster: "alpha", occurrence: late, to: early },
    paths: ["/data/to", "/data/occurrence"],
    says: "must not be before /data/occurrence: it ends at 2026-03-01T10:00:00.000Z and begins at 2026-03-01T12:00:00.000Z",
  })),
  {
    what: "a recurrence of less than a minute",
    type: "NfzDeclared",
    data: { ...declared, recurrence: { ...weekly, rrule: "FREQ=WEEKLY", durationMs: 59_999 } },
    paths: ["/data/recurrence/durationMs"],
    says: "must be at least 60000 (a minute), not 59999",
  },
  {
    what: "a return of no fault",
    type: "NodeReturned",
    data: { ...where, faultIds: [] },
    paths: ["/data/faultIds"],
    says: "must name at least one fault",
  },
  {
    what: "a refusal by no no-fly zone",
    type: "RolloutBlocked",
    data: { ...rollout, nfzIds: [] },
    paths: ["/data/nfzIds"],
    says: "must name at least one no-fly zone",
  },
  {
    what: "a rollout of no update",
    type: "RolloutSubmitted",
    data: { ...submitted, updates: [] },
    paths: ["/data/updates"],
    says: "must name at least one update",
  },
  {
    what: "a test that was passed by no update",
    type: "CoTestPassed",
    data: { ...coTest, updates: [] },
    paths: ["/data/updates"],
    says: "must name at least one update",
  },
  {
    what: "a test that was failed by no update",
    type: "CoTestFailed",
    data: { ...coTest, updates: [] },
    paths: ["/data/updates"],
    says: "must name at least one update",
  },
  {
    what: "more nodes done than there are",
    type: "RolloutProgressed",
    data: { ...rollout, nodesDone: 5, nodesTotal: 4 },
    paths: ["/data/nodesDone", "/data/nodesTotal"],
    says: "5 of 4 is impossible",
  },
  {
    what: "an override of no no-fly zone",
    type: "RolloutOverrideGranted",
    data: { ...rollout, role: "boss", nfzIds: [], expiresAt: late },
    paths: ["/data/nfzIds"],
    says: "must name at least one no-fly zone",
  },
  {
    what: "an override that expires before it begins",
    type: "RolloutOverrideGranted",
    data: { ...rollout, role: "boss", nfzIds: ["z"], expiresAt: early },
    paths: ["/data/expiresAt", "/occurredAt"],
    says: "it would expire at 2026-03-01T10:00:00.000Z and begin at 2026-03-01T11:00:00.000Z",
  },
];

/** As a line of an import, with an id that ends in the number. */
export function contradictoryEvent({ type, data }: Contradictory, number: number): object {
  return { id: uuid(number), type, occurredAt, actor: "somebody", reason: "a test", data };
}
