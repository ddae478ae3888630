/** What finds the events of an open store: the writer's, which is always complete, or a reader's, which follows the file. */
import { packedRoot } from "../../../events/canonical/merkle-hash.ts";
import type { LookupDifference } from "../../leaf-store.ts";
import type { LedgerIndex } from "./ledger-index.ts";
import type { Lookups } from "./lookups.ts";
import { keptRoot, lookupDifference, lookupsForReading } from "./ready-lookups.ts";
import type { LookupSettings } from "./ready-lookups.ts";

export class Finder {
  readonly #settings: LookupSettings;
  readonly #isWriter: boolean;
  readonly #assertOpen: () => void;
  /** A reader's are opened when they are needed. */
  #lookups: Promise<Lookups> | null;
  /** One catches up at a time: two would add the same events twice. */
  #catchingUp: Promise<void> = Promise.resolve();

  /** `written`: the writer's lookups. `assertOpen` throws once the store is closed. */
  constructor(settings: LookupSettings, written: Lookups | null, assertOpen: () => void) {
    this.#settings = settings;
    this.#isWriter = written !== null;
    this.#lookups = written && Promise.resolve(written);
    this.#assertOpen = assertOpen;
  }

  /** With all that is stored now; ids may be missing. */
  async upToDate(): Promise<LedgerIndex> {
    return await this.#caughtUp(async (index) => await index.catchUp());
  }

  async upToDateWithIds(): Promise<LedgerIndex> {
    return await this.#caughtUp(async (index) => await index.catchUpIds());
  }

  /** The root over the leaves `[from, to)`: the kept one, if they are a full block. Throws `corrupt-event`. */
  async root(from: number, to: number): Promise<Buffer> {
    this.#assertOpen();
    const kept = keptRoot(await this.#opened(), from, to);
    return kept ?? packedRoot(Buffer.from(this.#settings.leaves.hashes(from, to)));
  }

  /** As `StoredLeaves` says. */
  async difference(upTo: number): Promise<LookupDifference | null> {
    this.#assertOpen();
    return await lookupDifference(this.#settings, await this.#opened(), upTo);
  }

  async close(): Promise<void> {
    if (this.#lookups === null) return;
    await this.#catchingUp;
    const [opened] = await Promise.allSettled([this.#lookups]);
    if (opened.status === "fulfilled") opened.value.close();
  }

  async #caughtUp(catchUp: (index: LedgerIndex) => Promise<void>): Promise<LedgerIndex> {
    this.#assertOpen();
    const { index } = await this.#opened();
    if (!this.#isWriter) {
      const work = this.#catchingUp.then(async () => {
        this.#assertOpen();
        await catchUp(index);
      });
      this.#catchingUp = work.catch(() => undefined);
      await work;
    }
    this.#assertOpen();
    return index;
  }

  #opened(): Promise<Lookups> {
    this.#lookups ??= lookupsForReading(this.#settings);
    return this.#lookups;
  }
}
