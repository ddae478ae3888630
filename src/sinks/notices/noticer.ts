/** Raises notices while the ledger serves: each once, by the one instance that drives the timers. */
import type { After } from "../../clock.ts";
import { systemAfter } from "../../clock.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { inChargeLookMs, sweepAgainMs, sweepAtLeastMs } from "../../limits/decisions.ts";
import { agreementEveryMs, maxRememberedNotices, noticesPerAppend } from "../../limits/sinks.ts";
import type { SealerStatus } from "../../seals/sealer.ts";
import { dueNoticesInSteps } from "./due-notices.ts";
import type { Notice } from "./notice.ts";
import { noticeEvent, noticeId } from "./notice.ts";
import { SealNotices } from "./of-seals.ts";

interface NoticerOptions {
  readonly ledger: Ledger;
  /** Whether this process drives the timers; for a ledger in a file it always does. */
  readonly isInCharge: () => boolean;
  readonly sealing: () => SealerStatus | null;
  readonly onRaised: (notice: Notice) => void;
  /** Called with an error; the next look tries again. */
  readonly onFailure: (error: unknown) => void;
  readonly after?: After | undefined;
}

/** Facts that move the beginning or the end of a zone. */
const ofZones: ReadonlySet<EventType> = new Set<EventType>([
  "NfzDeclared",
  "NfzResolved",
  "NfzExtended",
  "NfzShortened",
  "NfzLifted",
  "NfzCancelled",
]);

export class Noticer {
  readonly #options: NoticerOptions;
  readonly #after: After;
  readonly #seals = new SealNotices();
  readonly #said = new Set<string>();
  /** When each cluster's figures were last computed, by the ledger's clock. */
  readonly #judgedAt = new Map<string, number>();
  #seen: number;
  #running: Promise<void> | null = null;
  #cancel: () => void = () => undefined;
  #stopListening: () => void = () => undefined;
  #isStopped = false;

  constructor(options: NoticerOptions) {
    this.#options = options;
    this.#after = options.after ?? systemAfter;
    this.#seen = options.ledger.sequence();
  }

  /** Looks once, then whenever something may be due. */
  start(): void {
    const { ledger } = this.#options;
    this.#stopListening = ledger.onProjected((sequence) => {
      const moved = ledger.eventsOf(ofZones, this.#seen, sequence).length > 0;
      this.#seen = Math.max(this.#seen, sequence);
      if (moved) void this.look();
    });
    void this.look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    this.#cancel();
    await this.#running;
  }

  /** Resolves when everything that was due at the call is said. Never rejects. */
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

  /** Says what others have found, unless it is said already. Throws what appending throws. */
  async raise(notices: readonly Notice[]): Promise<void> {
    for (let from = 0; from < notices.length; from += noticesPerAppend)
      await this.#raiseSome(await this.#unsaid(notices.slice(from, from + noticesPerAppend)));
  }

  async #raiseSome(notices: readonly Notice[]): Promise<void> {
    const { ledger, onRaised } = this.#options;
    const submissions = await ledger.submitSystem(notices.map(noticeEvent));
    for (const [i, notice] of notices.entries()) {
      const submission = submissions[i];
      // Another instance may have said it in other words.
      if (submission?.status === "refused" && submission.error.code !== "id-conflict")
        throw submission.error;
      this.#remember(noticeId(notice));
      if (submission?.status === "appended") onRaised(notice);
    }
  }

  async #turn(): Promise<void> {
    const { ledger, isInCharge, onFailure } = this.#options;
    if (!isInCharge()) return this.#wakeIn(inChargeLookMs);
    let waitMs = sweepAtLeastMs;
    try {
      const nextAt = await this.#sayDue();
      waitMs = Math.min(Math.max(ledger.msUntil(nextAt), 1), sweepAtLeastMs);
    } catch (error) {
      waitMs = sweepAgainMs;
      onFailure(error);
    }
    this.#wakeIn(waitMs);
  }

  /** The next instant at which something may be due. */
  async #sayDue(): Promise<number> {
    const { ledger, sealing } = this.#options;
    const sequence = ledger.sequence();
    const head = ledger.view("", sequence).headRecordedAt ?? -Infinity;
    const at = Math.max(Math.floor(ledger.nowMs()), head);
    let nextAt = Infinity;
    for (const cluster of ledger.clusters(sequence)) {
      const judges = at - (this.#judgedAt.get(cluster) ?? -Infinity) >= agreementEveryMs;
      const found = await ledger.answerInSteps(cluster, sequence, (view) =>
        dueNoticesInSteps(view, at, judges),
      );
      await this.raise(found.due);
      if (judges) this.#judgedAt.set(cluster, at);
      nextAt = Math.min(nextAt, found.nextAt);
    }
    await this.raise(this.#seals.due(sealing(), at));
    return nextAt;
  }

  async #unsaid(notices: readonly Notice[]): Promise<readonly Notice[]> {
    const asked = notices.filter((notice) => !this.#said.has(noticeId(notice)));
    if (asked.length === 0) return [];
    const known = await this.#options.ledger.store.findByIds(asked.map(noticeId));
    for (const { id } of known) this.#remember(id);
    return asked.filter((notice) => !this.#said.has(noticeId(notice)));
  }

  #remember(id: string): void {
    if (this.#said.size >= maxRememberedNotices) this.#said.clear();
    this.#said.add(id);
  }

  #wakeIn(ms: number): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#after(ms, () => void this.look());
  }
}
