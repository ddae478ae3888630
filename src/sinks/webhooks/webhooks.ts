/** All webhooks of a ledger that is served, and what is known of each. */
import { randomUUID } from "node:crypto";
import type { After, Clock } from "../../clock.ts";
import { systemAfter, systemClock } from "../../clock.ts";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { inChargeLookMs } from "../../limits/decisions.ts";
import { webhookTimeoutMs } from "../../limits/sinks.ts";
import { Endpoint } from "./endpoint.ts";
import type { DeadLetters, WebhookState } from "./kept-state.ts";
import { readDead, readState, writeReplay } from "./kept-state.ts";
import type { Webhook } from "./webhooks-file.ts";

interface WebhooksOptions {
  readonly webhooks: readonly Webhook[];
  readonly ledger: Ledger;
  readonly origin: string;
  readonly isInCharge: () => boolean;
  readonly onFailure: (webhook: string, words: string, error?: unknown) => void;
  readonly clock?: Clock | undefined;
  readonly after?: After | undefined;
  readonly random?: (() => number) | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface WebhookStatus {
  readonly webhook: Webhook;
  /** `null` before it was first seen by an instance that delivers. */
  readonly state: WebhookState | null;
  /** Whether this instance delivers. */
  readonly isDelivering: boolean;
  /** Events that it has not got past yet; `null` without a state. */
  readonly lagEvents: number | null;
  readonly dead: DeadLetters;
}

interface StoppedWebhook {
  readonly name: string;
  readonly why: string;
}

export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  #stopListening: () => void = () => undefined;
  #others: ReadonlyMap<string, WebhookState | null> = new Map();
  #lookedAt = -Infinity;

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#endpoints = new Map(
      options.webhooks.map((webhook) => [webhook.name, endpointOf(options, webhook)]),
    );
  }

  start(): void {
    const { ledger } = this.#options;
    const endpoints = [...this.#endpoints.values()];
    this.#stopListening = ledger.onProjected(() => {
      for (const endpoint of endpoints) endpoint.wakeForEvents();
    });
    for (const endpoint of endpoints) endpoint.wake();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.stop()));
  }

  /** What this instance knows without asking: none of it while another one delivers. */
  delivering(): { name: string; state: WebhookState; lagEvents: number; failures: number }[] {
    const head = this.#options.ledger.sequence();
    return [...this.#endpoints].flatMap(([name, { state, failures }]) =>
      state === null ? [] : [{ name, state, lagEvents: lagOf(state, head), failures }],
    );
  }

  /** In the order of the configuration. */
  async status(): Promise<readonly WebhookStatus[]> {
    const { webhooks, ledger } = this.#options;
    return await Promise.all(
      webhooks.map(async (webhook): Promise<WebhookStatus> => {
        const own = this.#endpoints.get(webhook.name)?.state ?? null;
        const state = own ?? (await readState(ledger.store, webhook.name));
        const lagEvents = state === null ? null : lagOf(state, ledger.sequence());
        const dead = await readDead(ledger.store, webhook.name);
        return { webhook, state, isDelivering: own !== null, lagEvents, dead };
      }),
    );
  }

  /** The webhooks that have stopped, and why; of those that another instance delivers, as it was some seconds ago. */
  async stopped(): Promise<readonly StoppedWebhook[]> {
    const nowMs = (this.#options.clock ?? systemClock).nowMs();
    const isAnybodyElses = [...this.#endpoints.values()].some(({ state }) => state === null);
    if (isAnybodyElses && nowMs - this.#lookedAt >= inChargeLookMs) {
      this.#lookedAt = nowMs;
      this.#others = new Map(
        (await this.status()).map(({ webhook, state }) => [webhook.name, state]),
      );
    }
    return [...this.#endpoints].flatMap(([name, endpoint]) => {
      const state = endpoint.state ?? this.#others.get(name) ?? null;
      const why = state?.stopped?.why;
      return why === undefined ? [] : [{ name, why }];
    });
  }

  /** Throws `not-found`. */
  async dead(name: string): Promise<DeadLetters> {
    this.#endpoint(name);
    return await readDead(this.#options.ledger.store, name);
  }

  /**
   * Delivers from a sequence on, again or for the first time; a webhook that has stopped goes on. Asked again with the
   * same id, it does so once. Throws `not-found`, `position-past-head`.
   */
  async replay(name: string, from: number, id: string = randomUUID()): Promise<void> {
    const { ledger } = this.#options;
    const endpoint = this.#endpoint(name);
    const head = ledger.sequence();
    if (from > head + 1)
      throw new LedgerError(
        "position-past-head",
        `There is no sequence ${from} yet: the ledger ends at sequence ${head}.`,
        { errors: [{ path: "/query/from", message: `must not be after ${head + 1}` }] },
      );
    await writeReplay(ledger.store, name, { id, from });
    endpoint.wake(true);
  }

  #endpoint(name: string): Endpoint {
    const endpoint = this.#endpoints.get(name);
    if (endpoint !== undefined) return endpoint;
    throw new LedgerError("not-found", `There is no webhook "${name}".`);
  }
}

function lagOf({ cursor }: WebhookState, head: number): number {
  return Math.max(0, head - cursor);
}

function endpointOf(options: WebhooksOptions, webhook: Webhook): Endpoint {
  const { ledger, origin, isInCharge, onFailure } = options;
  return new Endpoint({
    webhook,
    ledger,
    origin,
    isInCharge,
    onFailure: (words, error) => onFailure(webhook.name, words, error),
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
    random: options.random ?? Math.random,
    timeoutMs: options.timeoutMs ?? webhookTimeoutMs,
  });
}
