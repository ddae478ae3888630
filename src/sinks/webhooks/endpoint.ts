/**
 * One webhook: reads the ledger from its position on and hands over one message at a time, so that nothing overtakes.
 * The position is noted once a message is taken: a process that ends in between hands it over again.
 */
import type { After, Clock } from "../../clock.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { inChargeLookMs, sweepAgainMs, sweepAtLeastMs } from "../../limits/decisions.ts";
import { webhookBatchEvents, webhookNoteEvents } from "../../limits/sinks.ts";
import type { WebhookState } from "./kept-state.ts";
import { addDead, dropDead, readReplay, readState, writeState } from "./kept-state.ts";
import { messageOf } from "./message.ts";
import type { MessageType } from "./message-type.ts";
import type { Answer } from "./post.ts";
import { post } from "./post.ts";
import { signedHeaders } from "./signature.ts";
import { aboutOf, toldTo } from "./subscription.ts";
import { verdictOn } from "./verdict.ts";
import type { Webhook } from "./webhooks-file.ts";

interface EndpointOptions {
  readonly webhook: Webhook;
  readonly ledger: Ledger;
  /** Names the ledger, in CloudEvents. */
  readonly origin: string;
  /** The real time: signatures and schedules go by it. */
  readonly clock: Clock;
  readonly after: After;
  readonly random: () => number;
  readonly timeoutMs: number;
  /** Whether this process delivers; for a ledger in a file it always does. */
  readonly isInCharge: () => boolean;
  /** Called with each answer that is not 2xx, and with what kept the endpoint from its work. */
  readonly onFailure: (words: string, error?: unknown) => void;
}

/** What to do after a message: the next one, or wait (milliseconds). */
type Next = "on" | number;

export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #stopping = new AbortController();
  /** `null` before it is read, and while another instance delivers. */
  #state: WebhookState | null = null;
  #failures = 0;
  #running: Promise<void> | null = null;
  #isAsked = false;
  #replayAsked = false;
  #replayLookedAt = -Infinity;
  #notedCursor = 0;
  #cancel: () => void = () => undefined;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /** `null` if another instance delivers. */
  get state(): WebhookState | null {
    return this.#state;
  }

  /** Attempts since the start that were not answered with 2xx. */
  get failures(): number {
    return this.#failures;
  }

  /** There are new events: while a receiver is waited for, they change nothing. */
  wakeForEvents(): void {
    const waits = this.#state !== null && (this.#state.failing ?? this.#state.stopped) !== null;
    if (!waits) this.wake();
  }

  /** There may be something to deliver; `replay`: somebody asked to go back. */
  wake(replay = false): void {
    this.#replayAsked ||= replay;
    this.#isAsked = true;
    if (!this.#stopping.signal.aborted) this.#running ??= this.#run();
  }

  /** Ends what is under way: it is delivered again at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel();
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    let waitMs = sweepAtLeastMs;
    while (this.#isAsked && !this.#stopping.signal.aborted) {
      this.#isAsked = false;
      try {
        waitMs = await this.#turn();
      } catch (error) {
        waitMs = sweepAgainMs;
        this.#options.onFailure("could not go on", error);
      }
    }
    this.#running = null;
    this.#cancel();
    if (!this.#stopping.signal.aborted)
      this.#cancel = this.#options.after(waitMs, () => this.wake());
  }

  /** Delivers until there is nothing, or nothing can be; gives how long to wait. */
  async #turn(): Promise<number> {
    const { isInCharge, ledger } = this.#options;
    if (!isInCharge()) {
      this.#state = null;
      return inChargeLookMs;
    }
    this.#state ??= await this.#found();
    await this.#replay(this.#state);
    if (this.#state.stopped !== null) return sweepAtLeastMs;
    const waitMs = this.#waitOf(this.#state);
    if (waitMs > 0) return waitMs;
    const { store } = ledger;
    const range = { upTo: ledger.sequence(), batchSize: webhookBatchEvents };
    for await (const batch of store.readAll(this.#state.cursor, range)) {
      for (const event of batch) {
        const next = await this.#take(this.#state, event);
        if (next !== "on") return next;
        if (this.#stopping.signal.aborted || this.#replayAsked) return 0;
        if (!isInCharge()) return inChargeLookMs;
      }
      // What nobody is told of is noted now and then: after a restart it is looked at again.
      if (this.#state.cursor - this.#notedCursor >= webhookNoteEvents)
        await this.#note(this.#state);
    }
    return sweepAtLeastMs;
  }

  /** A webhook that is new begins at the end of the ledger. */
  async #found(): Promise<WebhookState> {
    const { ledger, webhook } = this.#options;
    const kept = await readState(ledger.store, webhook.name);
    this.#replayAsked = true;
    if (kept !== null) {
      this.#notedCursor = kept.cursor;
      return kept;
    }
    const cursor = ledger.sequence();
    const state = { cursor, failing: null, stopped: null, last: null, replayed: null };
    await this.#note(state);
    return state;
  }

  #waitOf({ failing }: WebhookState): number {
    return failing === null ? 0 : Math.max(0, failing.nextAt - this.#options.clock.nowMs());
  }

  /** Another instance may have been asked, too: its mark is looked at every minute. */
  async #replay(state: WebhookState): Promise<void> {
    const { ledger, webhook, clock } = this.#options;
    const nowMs = clock.nowMs();
    if (!this.#replayAsked && nowMs - this.#replayLookedAt < sweepAtLeastMs) return;
    this.#replayAsked = false;
    this.#replayLookedAt = nowMs;
    const asked = await readReplay(ledger.store, webhook.name);
    if (asked === null || asked.id === state.replayed) return;
    await dropDead(ledger.store, webhook.name, asked.from);
    const cursor = asked.from - 1;
    await this.#note({ ...state, cursor, replayed: asked.id, failing: null, stopped: null });
  }

  async #note(state: WebhookState): Promise<void> {
    await writeState(this.#options.ledger.store, this.#options.webhook.name, state);
    this.#state = state;
    this.#notedCursor = state.cursor;
  }

  async #take(state: WebhookState, event: StoredEvent): Promise<Next> {
    const { ledger, webhook } = this.#options;
    const { sequence } = event;
    const type = toldTo(webhook, event);
    const about = type === null ? null : await aboutOf(webhook, event, ledger.store);
    if (type === null || about?.isTold !== true) {
      this.#state = { ...state, cursor: sequence };
      return "on";
    }
    const answer = await this.#send(event, type, about.cluster);
    // An attempt that the stop cut off says nothing about the receiver.
    if (this.#stopping.signal.aborted && answer.status === null) return 0;
    return await this.#judge(state, event, type, answer);
  }

  async #send(event: StoredEvent, type: MessageType, cluster: string | null): Promise<Answer> {
    const { webhook, origin, clock, timeoutMs } = this.#options;
    const { id, contentType, body } = messageOf(webhook, { event, type, cluster }, origin);
    const nowMs = Math.floor(clock.nowMs());
    const signed = signedHeaders(webhook.secrets, { id, atMs: nowMs, body });
    const headers = { "content-type": contentType, ...signed };
    const { signal } = this.#stopping;
    return await post({ url: webhook.url, headers, body, timeoutMs, signal, nowMs });
  }

  async #judge(
    state: WebhookState,
    { sequence }: StoredEvent,
    type: MessageType,
    answer: Answer,
  ): Promise<Next> {
    const { webhook, ledger, clock, random, onFailure } = this.#options;
    const at = Math.floor(clock.nowMs());
    const { words } = answer;
    const tried = state.failing?.sequence === sequence ? state.failing.attempts : 0;
    const attempts = tried + 1;
    const verdict = verdictOn(answer, attempts, random());
    const last = { at, words };
    const done = { ...state, cursor: sequence, failing: null, last };
    if (verdict.kind === "delivered") {
      await this.#note(done);
      return "on";
    }
    this.#failures++;
    onFailure(`sequence ${sequence}: ${words}`);
    if (verdict.kind === "dead") {
      await addDead(ledger.store, webhook.name, { sequence, at, type, words });
      await this.#note(done);
      return "on";
    }
    if (verdict.kind === "stop") {
      const failing = { sequence, attempts, nextAt: at, words };
      await this.#note({ ...state, failing, last, stopped: { at, why: verdict.why } });
      return sweepAtLeastMs;
    }
    const failing = { sequence, attempts, nextAt: at + verdict.afterMs, words };
    await this.#note({ ...state, failing, last });
    return verdict.afterMs;
  }
}
