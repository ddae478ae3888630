/** Issues reports, finds them again, and returns their exact bytes. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { LedgerError } from "../../errors.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { Attribution, StoredEvent } from "../../events/envelope.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import { slaDocumentInSteps } from "../../../projections/document/sla-document.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxReadWaitMs } from "../../limits/requests.ts";
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import { parsePeriod, resolvePeriod, zoneNamed } from "../../../projections/time/period.ts";
import { zonesInForce } from "../../zones/zones.ts";
import { asIssued, issuedDocumentInSteps, sha256Hex } from "./issued-report.ts";
import type { IssuedDocument, ReportInputs } from "./issued-report.ts";
import { canonicalInSteps } from "../document-text.ts";
import { stepsInTurns } from "../../turns.ts";
import { namedPeriod } from "../default-period.ts";
import { reportJson } from "./report-json.ts";
import type { LedgerTree } from "../../tree/ledger-tree.ts";

export interface ReportOrder {
  /** The report's id. Default: a new one. A repeated order with the same inputs gets the first report again. */
  readonly report?: string | undefined;
  /** A JSON pointer to where the sender gave that id. Default: `/report`. */
  readonly pointer?: string | undefined;
  readonly cluster: string;
  /** As a document names it, or relative to ledger time, such as `last-month`. */
  readonly period: string;
  /** Default: the policy's zone. */
  readonly zone?: string | undefined;
  readonly attribution: Attribution;
}

/** An issued report as stored in the ledger. */
export interface IssuedReport {
  readonly event: StoredEvent;
  readonly data: DataOf<"ReportIssued">;
}

interface Issuing {
  readonly ledger: Ledger;
  readonly tree: LedgerTree;
  readonly clock: Clock;
}

/**
 * Issues the report of a period as of the last projected position. Throws what `slaDocument` throws, and
 * `id-conflict` if the id is already that of a report with other inputs.
 */
export async function issueReport(
  issuing: Issuing,
  order: ReportOrder,
): Promise<IssuedReport & { readonly isNew: boolean }> {
  const { ledger } = issuing;
  const report = order.report ?? randomUUID();
  const before = await findReport(ledger, report);
  if (before !== null) return { ...assertSame(ledger, before, order), isNew: false };
  const data = await reportData(issuing, order, report);
  const [submission] = await ledger.submitSystem([
    {
      id: stableId(["report", report]),
      type: "ReportIssued",
      occurredAt: formatInstant(Math.floor(issuing.clock.nowMs())),
      data,
      ...order.attribution,
    },
  ]);
  if (submission?.status === "refused") {
    if (submission.error.code !== "id-conflict") throw submission.error;
  }
  const issued = await findReport(ledger, report);
  // The id is that of a report which whoever asks does not see.
  if (issued === null && submission?.status === "refused") throw submission.error;
  if (issued === null) throw new LedgerError("internal", "the issued report is missing");
  // With two simultaneous orders of one id, the other one may have been first.
  return { ...assertSame(ledger, issued, order), isNew: submission?.status === "appended" };
}

async function reportData(
  { ledger, tree }: Issuing,
  { cluster, period: asked, zone }: ReportOrder,
  report: string,
): Promise<DataOf<"ReportIssued">> {
  const sequence = ledger.sequence();
  const view = ledger.view(cluster, sequence);
  const zones = zonesInForce(view.zoneTable);
  const period = namedPeriod(view, asked, zone);
  const document = await ledger.answerInSteps(cluster, sequence, (folded) =>
    slaDocumentInSteps(folded, { period, zone }, zones),
  );
  const root = await tree.root(sequence);
  const { from, to, zone: resolvedZone } = document.period;
  const inputs: ReportInputs = {
    report,
    cluster,
    period: { label: period, from, to, zone: resolvedZone },
    sequence,
    tzdata: zones.version,
    treeHead: { size: sequence, rootHash: root.toString("hex") },
    ...(ledger.timestampsPreserved() ? { recordedAtKept: true as const } : {}),
    definitions: document.definitions,
  };
  const bytes = await stepsInTurns(canonicalInSteps(asIssued(document, inputs)));
  return {
    ...inputs,
    policyEventId: document.policy.eventId,
    sha256: sha256Hex(bytes),
  };
}

/** A report that was just issued, as answers show it. */
export function newReportJson(ledger: Ledger, issued: IssuedReport) {
  const { cluster, sequence, period } = issued.data;
  const zones = zonesInForce(ledger.view(cluster, sequence).zoneTable);
  const whole = resolvePeriod(
    parsePeriod(period.label),
    zoneNamed(period.zone, zones),
    period.label,
  );
  return { ...reportJson(issued), complete: instantMs(period.to) === whole.to };
}

function assertSame(ledger: Ledger, issued: IssuedReport, order: ReportOrder): IssuedReport {
  const { cluster, period, sequence } = issued.data;
  const isSame =
    cluster === order.cluster &&
    // For a repeated order, a relative period means what it meant at first.
    period.label === namedPeriod(ledger.view(cluster, sequence), order.period, order.zone) &&
    (order.zone === undefined || order.zone === period.zone);
  if (isSame) return issued;
  throw new LedgerError(
    "id-conflict",
    `The report ${issued.data.report} already exists, for ${cluster} and ${period.label}.`,
    { errors: [{ path: order.pointer ?? "/report", message: "is used by another report" }] },
  );
}

/** The report with this id; `null` if there is none. */
export async function findReport(ledger: Ledger, report: string): Promise<IssuedReport | null> {
  for await (const event of ledger.store.readStream(`report-${report}`)) {
    if (event.type === "ReportIssued") return { event, data: event.data as DataOf<"ReportIssued"> };
  }
  return null;
}

/**
 * The document of an issued report, recomputed as of its position, and its bytes. Throws `report-differs` if they
 * are not the bytes that were issued; other bytes are never returned.
 */
export async function reissue(
  ledger: Ledger,
  { data }: IssuedReport,
): Promise<{ readonly document: IssuedDocument; readonly bytes: string }> {
  await ledger.waitFor(data.sequence, maxReadWaitMs);
  const { cluster, sequence } = data;
  const document = await ledger.answerInSteps(cluster, sequence, (view) =>
    issuedDocumentInSteps(view, data),
  );
  const bytes = await stepsInTurns(canonicalInSteps(document));
  const sha256 = sha256Hex(bytes);
  if (sha256 === data.sha256) return { document, bytes };
  throw new LedgerError(
    "report-differs",
    `The report ${data.report} was issued with SHA-256 ${data.sha256}, but now has ${sha256}: its history or its definitions have changed. It is not returned.`,
    { extra: { report: data.report, issued: data.sha256, computed: sha256 } },
  );
}
