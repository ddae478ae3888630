/** What a ledger that is served tells others: notices, webhooks, and reports by schedule. */
import type { After, Clock } from "../clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Audit } from "../seals/audit.ts";
import type { Silence } from "../sources/watch/silence.ts";
import { Noticer } from "./notices/noticer.ts";
import { silenceNotice } from "./notices/of-silence.ts";
import type { Schedule } from "./scheduled/schedule-file.ts";
import { Scheduler } from "./scheduled/scheduler.ts";
import type { Webhook } from "./webhooks/webhooks-file.ts";
import { Webhooks } from "./webhooks/webhooks.ts";

interface Log {
  info(about: object, words: string): void;
  warn(about: object, words: string): void;
}

interface SinksOptions {
  readonly ledger: Ledger;
  readonly audit: Audit;
  /** The ledger's clock. */
  readonly clock: Clock;
  readonly log: Log;
  readonly webhooks: readonly Webhook[];
  readonly schedules: readonly Schedule[];
  /** Default: the system's timers. */
  readonly after?: After | undefined;
}

export interface Sinks {
  readonly webhooks: Webhooks;
  /** Says that a source has fallen silent, unless it is said already. */
  saySilent(silence: Silence): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** Of several instances on one store, the one that drives the timers tells. */
export function sinksOf({ ledger, audit, clock, log, after, ...configured }: SinksOptions): Sinks {
  const isInCharge = () => ledger.store.drivesTimers?.() ?? true;
  const noticer = new Noticer({
    ledger,
    after,
    isInCharge,
    sealing: () => audit.sealing(),
    onRaised: ({ notice, key }) => log.info({ notice, key }, "a notice was raised"),
    onFailure: (error) => log.warn({ err: error }, "notices failed; the next look tries again"),
  });
  const scheduler = new Scheduler({
    schedules: configured.schedules,
    ledger,
    after,
    tree: () => audit.tree(),
    seal: () => audit.sealNow(),
    clock,
    isInCharge,
    raise: (notices) => noticer.raise(notices),
    onIssued: ({ data: { report, cluster, period } }) =>
      log.info({ report, cluster, period: period.label }, "a report was issued by schedule"),
    onFailure: (error) => log.warn({ err: error }, "a scheduled report could not be issued"),
  });
  const webhooks = new Webhooks({
    webhooks: configured.webhooks,
    ledger,
    clock,
    after,
    origin: audit.signer?.name ?? "fleetledger",
    isInCharge,
    onFailure: (webhook, words, error) =>
      log.warn({ webhook, ...(error === undefined ? {} : { err: error }) }, `webhook: ${words}`),
  });
  const parts = configured.schedules.length > 0 ? [noticer, scheduler] : [noticer];
  return {
    webhooks,
    saySilent: (silence) => noticer.raise([silenceNotice(silence)]),
    start: () => {
      for (const part of parts) part.start();
      webhooks.start();
    },
    stop: async () => {
      await Promise.all([...parts, webhooks].map((part) => part.stop()));
    },
  };
}
