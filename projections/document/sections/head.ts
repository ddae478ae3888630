/** What the document is about, and the terms that its figures are measured against. */
import { policyChanges as policyChangesIn } from "../../figures/exclusions/policy.ts";
import { entry } from "../entry/entry.ts";
import type { Fields, RecordField } from "../entry/field.ts";

export const definitions = entry(
  {
    kind: "text",
    title: "Definitions",
    meaning: "The version of docs/measures.md that the figures follow.",
  },
  (inputs) => inputs.definitions,
);

export const tzdata = entry(
  {
    kind: "text",
    title: "Time-zone table",
    meaning: "The version of the time-zone table that periods and months are resolved with.",
  },
  ({ zones }) => zones.version,
);

export const cluster = entry(
  { kind: "name", title: "Cluster", meaning: "The cluster that the figures are about." },
  ({ view }) => view.cluster,
);

export const asOf = entry(
  {
    kind: "record",
    title: "As of",
    meaning: "The ledger position that the figures are computed at.",
    fields: {
      sequence: {
        kind: "position",
        title: "Ledger position",
        meaning: "Only events up to this sequence are seen.",
      },
    },
  },
  ({ view }) => ({ sequence: view.sequence }),
);

export const period = entry(
  {
    kind: "record",
    title: "Period",
    meaning: "The window of the figures.",
    fields: {
      label: {
        kind: "text",
        title: "Period",
        meaning: "The period as it was asked for: 2026, 2026-Q1, 2026-03, 2026-03-10 or FROM/TO.",
      },
      from: { kind: "instant", title: "From", meaning: "The first instant of the window." },
      to: { kind: "instant", title: "Until", meaning: "The first instant after the window." },
      zone: {
        kind: "text",
        title: "Time zone",
        meaning: "The IANA time zone that the period is resolved in.",
      },
      complete: {
        kind: "flag",
        title: "Complete",
        meaning: "False where the period is not over at this position: it is cut at ledger time.",
        words: ["complete", "cut: the period is not over"],
      },
    },
  },
  ({ period: resolved }) => resolved,
);

const terms = {
  nisTarget: {
    kind: "target",
    title: "Nodes in service (NIS), contractual",
    meaning: "The least contractual NIS that meets the target.",
    bound: "at least",
  },
  jobUptimeTarget: {
    kind: "target",
    title: "Job uptime, contractual",
    meaning: "The least contractual job uptime that meets the target.",
    bound: "at least",
  },
  mttrTargetMs: {
    kind: "durationMs",
    title: "Mean time to repair (MTTR)",
    meaning: "The longest mean repair time that meets the target.",
    bound: "at most",
  },
  noticeHours: {
    kind: "hours",
    title: "Notice of planned maintenance",
    meaning:
      "How long before it begins maintenance has to be announced, by ledger time, to be excluded.",
    bound: "at least",
  },
  monthlyAllowanceNodeHours: {
    kind: "nodeHours",
    title: "Maintenance allowance, a calendar month",
    meaning: "Node-time of announced maintenance that is excluded in a calendar month.",
    bound: "at most",
  },
  excludeUnknown: {
    kind: "flag",
    title: "Unobserved time",
    meaning: "Whether time in which nobody watched a node is excluded.",
    words: ["is excluded", "is not excluded"],
  },
  excludeDownInMaintenance: {
    kind: "flag",
    title: "Down time inside announced maintenance",
    meaning: "Whether down time inside an announced window is excluded as maintenance is.",
    words: ["is excluded", "is not excluded"],
  },
  zone: {
    kind: "text",
    title: "Time zone of the months",
    meaning: "The IANA time zone of the calendar months that the allowance follows.",
  },
  eventId: {
    kind: "eventId",
    nullable: true,
    title: "Set by event",
    meaning: "The event that set these terms.",
    nullWhen: "nobody has set any, so the defaults apply",
    absent: "none: the defaults",
  },
} as const satisfies Fields;

export const policy = entry(
  {
    kind: "record",
    title: "Agreed terms",
    meaning: "The policy in force at the start of the window.",
    fields: terms,
  },
  (inputs) => inputs.policy,
);

export const policyChanges = entry(
  {
    kind: "rows",
    title: "Policies set or used in the period",
    meaning: "The policies besides the one at the window's start that a reader must know of.",
    sorted: "by time",
    row: {
      eventId: { kind: "eventId", title: "Event", meaning: "The event that set the policy." },
      at: { kind: "instant", title: "In force from", meaning: "When the policy came into force." },
      recordedAt: {
        kind: "instant",
        title: "Recorded",
        meaning: "When the ledger recorded the policy.",
      },
    },
  },
  ({ view, window, policyFact, exclusions }) => {
    const { monthPolicies } = exclusions();
    const changes = policyChangesIn(view.policies, window, policyFact, monthPolicies);
    return changes.map(({ id, occurredAt, recordedAt }) => ({
      eventId: id,
      at: occurredAt,
      recordedAt,
    }));
  },
);

/** What a ledger adds to a document besides the figures. */
export const ledgerFields = {
  recordedAtKept: {
    kind: "flag",
    values: [true],
    optional: true,
    title: "Recorded times",
    meaning:
      "Recorded times were preserved by an import into the empty ledger; left out where they are the ledger's own.",
    words: ["were preserved by an import", "are the ledger's own"],
  },
} as const satisfies Fields;

/** What an issued report says about its issue. */
export const issuedField = {
  kind: "record",
  title: "Issued",
  meaning: "What binds an issued report to the ledger.",
  fields: {
    report: { kind: "name", title: "Report", meaning: "The report's id." },
    treeHead: {
      kind: "record",
      title: "Tree head",
      meaning: "The head of the Merkle tree over the events that went in.",
      fields: {
        size: {
          kind: "count",
          title: "Tree head: events",
          meaning: "How many events the tree is over: the ledger position of the report.",
        },
        rootHash: {
          kind: "text",
          title: "Tree head: root",
          meaning: "The root of the tree, in hexadecimal.",
        },
      },
    },
  },
} as const satisfies RecordField;
