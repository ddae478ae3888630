/** Whether a mirror is what its store and its seals say: what was found, also by an earlier process, until it is refuted. */
import type { LedgerError } from "../../errors.ts";
import type { DuplicateIds } from "./duplicate-ids.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { KurrentDbClient } from "../kurrentdb/client/client.ts";
import { lookAgainAt } from "./check.ts";
import type { KeptStop, StoppedUntil } from "./stop.ts";
import { isLifted, keptStop, stoppedError, stopMarks } from "./stop.ts";
import type { Say } from "../telling.ts";

export class MirrorTrust {
  readonly #store: EmbeddedStore;
  readonly #say: Say;
  #failure: LedgerError | null = null;
  /** What an earlier process found that only a look at the last seal refutes: meanwhile the mirror is filled, and not trusted. */
  #doubt: KeptStop | null = null;

  constructor(store: EmbeddedStore, say: Say) {
    this.#store = store;
    this.#say = say;
  }

  /** Why the mirror has stopped for good, `null` while it has not. */
  get stopped(): LedgerError | null {
    return this.#failure;
  }

  /** Why it has stopped or is not to be trusted, `null` while neither is so. */
  get failure(): LedgerError | null {
    if (this.#failure !== null || this.#doubt === null) return this.#failure;
    return stoppedError(this.#doubt.message);
  }

  /**
   * Looks again at what an earlier process has stopped for, as far as the store can say. `putBack` is what a look at
   * the mirror's position has found.
   */
  async reconsider(
    client: KurrentDbClient,
    duplicateIds: DuplicateIds,
    putBack: LedgerError | null,
  ): Promise<void> {
    const kept = await keptStop(this.#store);
    if (kept?.until.look === "seal") {
      this.#doubt = kept;
      this.#say(kept.message, "error");
    }
    if (putBack !== null) this.stop(putBack, { look: "position" });
    if (putBack !== null || kept === null) return;
    const { until } = kept;
    if (until.look === "seal") return;
    if (until.look === "event") {
      const found = await lookAgainAt(client, this.#store, until.sequence, duplicateIds);
      if (found !== null) {
        this.stop(found, until);
        return;
      }
    }
    this.#keep(null);
  }

  /** Says why, once, and keeps it; `false` where it had stopped already. What a seal shows is kept then too: nothing else is as hard to refute. */
  stop(error: LedgerError, until: StoppedUntil): boolean {
    if (this.#failure !== null) {
      const message = stoppedError(`the mirror has stopped: ${error.message}`, error).message;
      if (until.look === "seal") this.#keep({ message, until });
      return false;
    }
    this.#failure = stoppedError(`the mirror has stopped: ${error.message}`, error);
    const { message } = this.#failure;
    if (message !== this.#doubt?.message) this.#say(message, "error");
    // A doubt that only a seal refutes is not forgotten for what is met again anyway.
    if (this.#doubt === null || until.look === "seal") this.#keep({ message, until });
    return true;
  }

  /** It is what was sealed: what an earlier look had found is over. */
  trust(signer: string | null): void {
    if (this.#doubt === null || this.#failure !== null) return;
    if (!isLifted(this.#doubt.until, signer)) return;
    this.#doubt = null;
    this.#keep(null);
    this.#say("the mirror matches the last seal and is trusted again", "info");
  }

  /** For who opens the mirror later, and who reads its file: a report, a verification beside this process. */
  #keep(stop: KeptStop | null): void {
    try {
      this.#store.takeWhole([], stopMarks(stop));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#say(`the mirror's stop could not be saved in its file: ${words}`, "warn");
    }
  }
}
