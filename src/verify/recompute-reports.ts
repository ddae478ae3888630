/**
 * Recomputes issued reports from raw events by the plain fold. Of a history only what their clusters
 * need is parsed: events that name one of them, corrections, what these name, and adopted zone tables.
 */
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { DataOf } from "../events/catalogue.ts";
import { maxHeldTimelineBytes, maxWaitingFactBytes } from "../limits/replay.ts";
import { zonesInForce } from "../zones/zones.ts";
import { issuedDocument, sha256Hex } from "../reports/issued/issued-report.ts";
import type { IssuedDocument, ReportInputs } from "../reports/issued/issued-report.ts";
import { checkedLeaf } from "../tree/leaf.ts";
import type { LeafPosition } from "./leaves/leaf-position.ts";
import { leafPosition } from "./leaves/leaf-position.ts";
import { FactsByEntity } from "./passes/facts-by-entity.ts";
import { PassView, windowAsked } from "./passes/pass-view.ts";

export interface IssuedReport
  extends ReportInputs, Pick<DataOf<"ReportIssued">, "policyEventId" | "sha256"> {
  /** Of the `ReportIssued`. */
  readonly issuedAt: number;
}

interface ReportsToRecompute {
  readonly reports: readonly IssuedReport[];
  /** Ids, in lower case, that a correction or retraction names. */
  readonly named: ReadonlySet<string>;
  /** Canonical texts up to a sequence. */
  readonly leaves: (upTo: number) => AsyncIterable<readonly string[]>;
  readonly onProgress?: ((events: number, of: number) => void) | undefined;
}

/** A report that does not come out as it was issued. */
interface WrongReport {
  readonly report: IssuedReport;
  readonly why: string;
}

export async function recomputeReports(work: ReportsToRecompute): Promise<WrongReport[]> {
  const reports = work.reports.toSorted((a, b) => a.sequence - b.sequence);
  const last = reports.at(-1)?.sequence ?? 0;
  const past = new ReportPast(reports, work.named);
  const wrong: WrongReport[] = [];
  let next = 0;
  const recompute = (): void => {
    if (reports[next]?.sequence !== past.sequence) return;
    const due: IssuedReport[] = [];
    for (let report = reports[next]; report?.sequence === past.sequence; report = reports[++next])
      due.push(report);
    for (const report of due) {
      const why = past.judge(report, due);
      if (why !== null) wrong.push({ report, why });
    }
  };
  try {
    recompute();
    for await (const batch of work.leaves(last)) {
      for (const leaf of batch) {
        past.take(leaf);
        recompute();
      }
      work.onProgress?.(past.sequence, last);
    }
  } finally {
    past.close();
  }
  return wrong;
}

/** Whether the event says of its report what the document says; its bytes alone do not show that. */
function saidOtherwise(
  report: IssuedReport,
  { period, policy }: IssuedDocument,
  tzdata: string,
): string | null {
  const { label, from, to, zone } = report.period;
  const said: readonly (readonly [string, string | null, string | null])[] = [
    [
      "period",
      `${label} ${from} ${to} ${zone}`,
      `${period.label} ${period.from} ${period.to} ${period.zone}`,
    ],
    ["policy", report.policyEventId, policy.eventId],
    ["tzdata", report.tzdata, tzdata],
  ];
  const wrong = said.find(([, stated, computed]) => stated !== computed);
  if (wrong === undefined) return null;
  const [what, stated, computed] = wrong;
  return `says ${what} ${stated ?? "none"}, but its document has ${computed ?? "none"}`;
}

class ReportPast {
  readonly #named: ReadonlySet<string>;
  readonly #clusters: ReadonlySet<string>;
  readonly #marks: readonly string[];
  readonly #facts: FactsByEntity;
  #headRecordedAt: number | null = null;
  /** The last view: reports of one position are mostly issued together. */
  #view: PassView | null = null;
  sequence = 0;

  constructor(reports: readonly IssuedReport[], named: ReadonlySet<string>) {
    this.#named = named;
    this.#facts = new FactsByEntity(named, maxWaitingFactBytes);
    this.#clusters = new Set(reports.map(({ cluster }) => cluster));
    this.#marks = [...this.#clusters].map((cluster) => `"cluster":${JSON.stringify(cluster)}`);
  }

  take(leaf: string): void {
    this.sequence++;
    const position = leafPosition(leaf);
    const isShared = position === null || this.#isShared(position);
    const isNeeded = isShared || this.#marks.some((mark) => leaf.includes(mark));
    const recordedAt = isNeeded ? this.#keep(leaf, isShared) : Date.parse(position.recordedAt);
    if (this.#headRecordedAt === null || recordedAt > this.#headRecordedAt) {
      this.#headRecordedAt = recordedAt;
    }
  }

  /** Why the report is not right; `null` if it is. `due` are all reports of this position. */
  judge(report: IssuedReport, due: readonly IssuedReport[]): string | null {
    try {
      const view = this.#viewOf(report.cluster);
      holdWindows(view, report, due);
      const document = issuedDocument(view, report);
      if (sha256Hex(canonicalJson(document)) !== report.sha256)
        return "gives a different document than the one issued";
      return saidOtherwise(report, document, zonesInForce(view.zoneTable).version);
    } catch (error) {
      // Events that the ledger never took can make figures fail in any way: that is found, not thrown.
      if (!(error instanceof Error)) throw error;
      return `cannot be recomputed: ${error.message}`;
    }
  }

  close(): void {
    this.#facts.close();
  }

  /** Corrections, retractions, what they name, and events that concern every cluster. */
  #isShared({ type, id }: LeafPosition): boolean {
    const concernsAll =
      type === "FactCorrected" || type === "FactRetracted" || type === "ZoneTableAdopted";
    return concernsAll || this.#named.has(id.toLowerCase());
  }

  #keep(leaf: string, isShared: boolean): number {
    const event = checkedLeaf(leaf, this.sequence) as unknown as RawEvent;
    const cluster = "cluster" in event.data ? event.data.cluster : undefined;
    if (isShared || (cluster !== undefined && this.#clusters.has(cluster))) this.#facts.take(event);
    return event.recordedAt;
  }

  #viewOf(cluster: string): PassView {
    const { sequence } = this;
    const headRecordedAt = this.#headRecordedAt;
    const known = this.#view;
    if (known?.cluster === cluster && known.sequence === sequence) return known;
    // What the last one holds is let go before the next one folds.
    this.#view = null;
    const position = { cluster, sequence, headRecordedAt };
    this.#view = new PassView(this.#facts.of(cluster), position, maxHeldTimelineBytes);
    return this.#view;
  }
}

/** Folds once for as many reports of a position as fit, the one that comes now before the others. */
function holdWindows(view: PassView, report: IssuedReport, due: readonly IssuedReport[]): void {
  const rest = due.slice(due.indexOf(report)).filter(({ cluster }) => cluster === view.cluster);
  const windows = rest.flatMap(({ period, tzdata }) => {
    const { label, zone } = period;
    return windowAsked(view, { period: label, zone }, () => zonesInForce(tzdata)) ?? [];
  });
  const [first] = windows;
  if (first === undefined || view.holds(first)) return;
  view.holdAtOnce(windows);
}
