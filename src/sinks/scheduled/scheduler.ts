/** Issues reports by schedule: once their period has been over for a while, each once, by the instance in charge. */
import type { After, Clock } from "../../clock.ts";
import { systemAfter } from "../../clock.ts";
import { LedgerError } from "../../errors.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { inChargeLookMs, sweepAgainMs } from "../../limits/decisions.ts";
import { reportAgainMs, scheduleLookMs } from "../../limits/sinks.ts";
import type { IssuedReport } from "../../reports/issued/issue.ts";
import { findReport, issueReport } from "../../reports/issued/issue.ts";
import type { LedgerTree } from "../../tree/ledger-tree.ts";
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import { zoneNamed } from "../../../projections/time/period.ts";
import { zonesInForce } from "../../zones/zones.ts";
import type { Notice } from "../notices/notice.ts";
import type { NamedPeriod } from "./periods.ts";
import { lastPeriod, nextPeriod } from "./periods.ts";
import type { Schedule } from "./schedule-file.ts";

interface SchedulerOptions {
  readonly schedules: readonly Schedule[];
  readonly ledger: Ledger;
  readonly tree: () => Promise<LedgerTree>;
  /** Seals what was issued. */
  readonly seal: () => Promise<void>;
  readonly clock: Clock;
  readonly isInCharge: () => boolean;
  readonly raise: (notices: readonly Notice[]) => Promise<void>;
  readonly onIssued: (issued: IssuedReport) => void;
  readonly onFailure: (error: unknown) => void;
  readonly after?: After | undefined;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #after: After;
  /** Reports that are known to be issued. */
  readonly #issued = new Set<string>();
  /** When a report that could not be issued is tried again, by the ledger's clock. */
  readonly #againAt = new Map<string, number>();
  #running: Promise<void> | null = null;
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#after = options.after ?? systemAfter;
  }

  start(): void {
    void this.look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }

  /** Issues what is due. Never rejects. */
  async look(): Promise<void> {
    while (this.#running !== null) await this.#running;
    if (this.#isStopped) return;
    this.#running = this.#turn();
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #turn(): Promise<void> {
    const { schedules, isInCharge, onFailure } = this.#options;
    let waitMs = isInCharge() ? scheduleLookMs : inChargeLookMs;
    for (const schedule of isInCharge() ? schedules : []) {
      try {
        await this.#issueDue(schedule);
      } catch (error) {
        waitMs = sweepAgainMs;
        onFailure(error);
      }
    }
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#after(waitMs, () => void this.look());
  }

  async #issueDue(schedule: Schedule): Promise<void> {
    const { ledger } = this.#options;
    const { cluster, period: kind, afterMs } = schedule;
    const now = Math.floor(ledger.nowMs());
    const view = ledger.view(cluster);
    const policy = asPolicy(policyFactOf(view.policies, { from: now, to: now }));
    const zone = zoneNamed(schedule.zone ?? policy.zone, zonesInForce(view.zoneTable));
    const since = await this.#since(schedule, lastPeriod(kind, now - afterMs, zone).from);
    const head = view.headRecordedAt ?? -Infinity;
    let period = lastPeriod(kind, since, zone);
    for (;;) {
      period = nextPeriod(kind, period, zone);
      // Before ledger time has passed its end, its report would be of a part of it.
      if (period.to + afterMs > now || period.to > head) return;
      await this.#issueOnce(schedule, period, now);
    }
  }

  /** The beginning of the first period that is issued: the last one that was over when the schedule was first seen. */
  async #since({ cluster, period, zone = "" }: Schedule, first: number): Promise<number> {
    const { store } = this.#options.ledger;
    const mark = `schedule-${stableId(["schedule", cluster, period, zone])}`;
    const kept = await store.mark(mark);
    if (kept !== null) return Number(kept);
    await store.setMark(mark, String(first));
    return first;
  }

  async #issueOnce(schedule: Schedule, period: NamedPeriod, now: number): Promise<void> {
    const { ledger, tree, clock, seal, onIssued } = this.#options;
    const { cluster, zone } = schedule;
    const report = stableId(["scheduled report", cluster, period.label, zone ?? ""]);
    if (this.#issued.has(report) || (this.#againAt.get(report) ?? 0) > now) return;
    if ((await findReport(ledger, report)) === null) {
      try {
        const order = { report, cluster, period: period.label, zone };
        const attribution = { actor: "schedule" };
        const issuing = { ledger, tree: await tree(), clock };
        const { isNew, ...issued } = await issueReport(issuing, { ...order, attribution });
        if (isNew) onIssued(issued);
        await seal();
      } catch (error) {
        this.#againAt.set(report, now + reportAgainMs);
        await this.#tellFailure(cluster, period, now, error);
        return;
      }
    }
    this.#issued.add(report);
    this.#againAt.delete(report);
  }

  async #tellFailure(
    cluster: string,
    { label }: NamedPeriod,
    at: number,
    error: unknown,
  ): Promise<void> {
    const { onFailure, raise } = this.#options;
    onFailure(error);
    const words = error instanceof LedgerError ? error.message : "see the log";
    const reason = `the report of ${cluster} for ${label} could not be issued: ${words}`;
    await raise([{ notice: "report.failed", cluster, key: `${cluster} ${label}`, at, reason }]);
  }
}
