/** Events that only the ledger itself writes: issued reports, seals, zone tables, accepted clocks and notices. */
import { z } from "zod";
import { eventType } from "./event-type.ts";
import { clusterName, count, instant, longText, text, zone } from "./fields/fields.ts";

/** What time makes true: said once of each thing and period. */
export const noticeNames = [
  "nfz.began",
  "nfz.ended",
  "report.failed",
  "fault.overdue",
  "release.overdue",
  "sla.at_risk",
  "sla.missed",
  "source.silent",
  "seal.behind",
] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits");
const recordedAtKept = z
  .literal(true)
  .optional()
  .describe("Recorded times were preserved by an import into the empty ledger.");
const treeHead = z.strictObject({ size: count, rootHash: sha256 });

export const systemEvents = {
  ReportIssued: eventType({
    version: 1,
    entity: "system",
    meaning: "An SLA report was issued: what went in, and the hash of its bytes.",
    instants: ["period.from", "period.to"],
    data: z.strictObject({
      report: text,
      cluster: clusterName,
      period: z.strictObject({ label: text, from: instant, to: instant, zone }),
      sequence: count.describe("The ledger position that the report was computed at."),
      policyEventId: z.guid().nullable(),
      definitions: text,
      tzdata: text,
      sha256: sha256.describe("SHA-256 of the report's canonical bytes."),
      treeHead,
      recordedAtKept,
    }),
  }),
  LedgerSealed: eventType({
    version: 1,
    entity: "system",
    meaning: "The head of the tree over the events before this one, signed.",
    data: z.strictObject({
      ...treeHead.shape,
      checkpoint: longText.describe("The signed note."),
      recordedAtKept,
    }),
  }),
  ZoneTableAdopted: eventType({
    version: 1,
    entity: "system",
    meaning: "From here on, periods are resolved by this version of the IANA time-zone database.",
    data: z.strictObject({ tzdata: text }),
  }),
  ClockJumpAccepted: eventType({
    version: 1,
    entity: "system",
    meaning:
      "An operator says of a clock that was ahead, the server's or that of an earlier event, that recorded times go on from it.",
    instants: ["clock", "expected", "ledgerTime"],
    needs: ["actor", "reason"],
    data: z.strictObject({
      clock: instant.describe("What the server's clock read."),
      expected: instant
        .optional()
        .describe("What it would have read by the time that had passed, if it had jumped."),
      ledgerTime: instant.optional().describe("The largest recorded time before this event."),
    }),
  }),
  NoticeRaised: eventType({
    version: 1,
    entity: "system",
    meaning:
      "The ledger says of something that time made true: a zone began or ended, a fault or a release is overdue, a target is at risk. It is said once.",
    data: z.strictObject({
      notice: z.enum(noticeNames).describe("What it is about."),
      cluster: clusterName.optional().describe("Left out: it is about no cluster."),
      key: longText.describe(
        "The thing and its period, such as `aurora 2026-03`; of one kind each is said once.",
      ),
    }),
  }),
};
