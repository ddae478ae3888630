/**
 * Recomputes issued reports from raw events by the plain fold. Of a history only what their clusters
 * need is parsed: events that name one of them, corrections, what these name, and adopted zone tables.
 */
import { clusterOf, plainClusterView } from "../../projections/plain-view.ts";
import type { ClusterView } from "../../projections/view.ts";
import {
  EffectiveFacts,
  type RawEvent,
  unamendedFact,
} from "../../projections/facts/effective-facts.ts";
import type { Fact } from "../../projections/facts/fact.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { DataOf } from "../events/catalogue.ts";
import { zonesInForce } from "../zones/zones.ts";
import { issuedDocument, sha256Hex } from "../reports/issued-report.ts";
import type { IssuedDocument, ReportInputs } from "../reports/issued-report.ts";
import { checkedLeaf } from "../tree/leaf.ts";
import type { LeafPosition } from "./leaves/leaf-position.ts";
import { leafPosition } from "./leaves/leaf-position.ts";

export interface IssuedReport
  extends ReportInputs, Pick<DataOf<"ReportIssued">, "policyEventId" | "definitions" | "sha256"> {
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
    for (let report = reports[next]; report?.sequence === past.sequence; report = reports[next]) {
      const why = past.judge(report);
      if (why !== null) wrong.push({ report, why });
      next++;
    }
  };
  recompute();
  for await (const batch of work.leaves(last)) {
    for (const leaf of batch) {
      past.take(leaf);
      recompute();
    }
    work.onProgress?.(past.sequence, last);
  }
  return wrong;
}

/** Whether the event says of its report what the document says; its bytes alone do not show that. */
function saidOtherwise(
  report: IssuedReport,
  { period, policy, definitions }: IssuedDocument,
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
    ["definitions", report.definitions, definitions],
    ["tzdata", report.tzdata, tzdata],
  ];
  const wrong = said.find(([, stated, computed]) => stated !== computed);
  if (wrong === undefined) return null;
  const [what, stated, computed] = wrong;
  return `says ${what} ${stated ?? "none"}, but its document has ${computed ?? "none"}`;
}

class ReportPast {
  readonly #named: ReadonlySet<string>;
  /** Facts that nothing amends, by cluster. */
  readonly #facts = new Map<string, Fact[]>();
  readonly #marks: readonly string[];
  /** Corrections, retractions, what they name, and events that concern every cluster. */
  readonly #shared: EffectiveFacts;
  #headRecordedAt: number | null = null;
  /** The last view: reports of one position are mostly issued together. */
  #view: ClusterView | null = null;
  sequence = 0;

  constructor(reports: readonly IssuedReport[], named: ReadonlySet<string>) {
    this.#named = named;
    this.#shared = new EffectiveFacts(named);
    const clusters = [...new Set(reports.map(({ cluster }) => cluster))];
    for (const cluster of clusters) this.#facts.set(cluster, []);
    this.#marks = clusters.map((cluster) => `"cluster":${JSON.stringify(cluster)}`);
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

  /** Why the report is not right; `null` if it is. */
  judge(report: IssuedReport): string | null {
    try {
      const view = this.#viewOf(report.cluster);
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

  #isShared({ type, id }: LeafPosition): boolean {
    const concernsAll =
      type === "FactCorrected" || type === "FactRetracted" || type === "ZoneTableAdopted";
    return concernsAll || this.#named.has(id.toLowerCase());
  }

  #keep(leaf: string, isShared: boolean): number {
    const event = checkedLeaf(leaf, this.sequence) as unknown as RawEvent;
    if (isShared) {
      this.#shared.take(event);
    } else {
      const fact = unamendedFact(event);
      const cluster = clusterOf(fact);
      if (cluster !== null) this.#facts.get(cluster)?.push(fact);
    }
    return event.recordedAt;
  }

  #viewOf(cluster: string): ClusterView {
    const known = this.#view;
    if (known?.cluster === cluster && known.sequence === this.sequence) return known;
    const all = (this.#facts.get(cluster) ?? []).concat(this.#shared.all());
    this.#view = plainClusterView(all, cluster, this.sequence, this.#headRecordedAt);
    return this.#view;
  }
}
