/** The audit of a serving ledger: its tree, its key and its seals. */
import type { Clock } from "../clock.ts";
import { LedgerError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LedgerTree } from "../tree/ledger-tree.ts";
import { openLedgerTree } from "../tree/ledger-tree.ts";
import { signedHead } from "./prove.ts";
import { Sealer } from "./sealer.ts";
import type { SealerOptions, SealerStatus } from "./sealer.ts";
import type { NoteSigner } from "../tree/signed-note.ts";

interface AuditOptions extends Partial<
  Omit<SealerOptions, "ledger" | "tree" | "signer" | "clock">
> {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Without a key nothing is signed and nothing is sealed. */
  readonly signer?: NoteSigner | undefined;
}

export class Audit {
  readonly signer: NoteSigner | null;
  readonly #options: AuditOptions;
  #tree: Promise<LedgerTree> | null = null;
  #sealer: Sealer | null = null;

  constructor(options: AuditOptions) {
    this.#options = options;
    this.signer = options.signer ?? null;
  }

  /** The tree over all events, opened on first use. */
  tree(): Promise<LedgerTree> {
    this.#tree ??= openLedgerTree(this.#options.ledger.store).catch((error: unknown) => {
      this.#tree = null;
      throw error;
    });
    return this.#tree;
  }

  /**
   * The signed head of the tree at `size`; `null` without a key. Throws `corrupt-event` if an event after the last seal
   * is not what was stored.
   */
  async checkpoint(size: number): Promise<string | null> {
    const { signer } = this;
    if (signer === null) return null;
    return await signedHead(this.#options.ledger.store, await this.tree(), signer, size);
  }

  /** The key. Throws `no-signing-key`. */
  requireSigner(): NoteSigner {
    if (this.signer !== null) return this.signer;
    throw new LedgerError(
      "no-signing-key",
      "The ledger is served without a signing key. Start it with --key (fleetledger keys new makes one).",
    );
  }

  /** Begins to seal, if there is a key. */
  async startSealing(): Promise<void> {
    const { signer } = this;
    if (signer === null || this.#sealer !== null) return;
    const { onFailure = () => undefined, ...options } = this.#options;
    this.#sealer = new Sealer({ ...options, onFailure, signer, tree: await this.tree() });
    await this.#sealer.start();
  }

  /** Seals what is new now, if this ledger seals. */
  async sealNow(): Promise<void> {
    await this.#sealer?.seal();
  }

  /** `null` if this ledger does not seal. */
  sealing(): SealerStatus | null {
    return this.#sealer?.status() ?? null;
  }

  /** Seals the events since the last seal; the ledger stays open. */
  async close(): Promise<void> {
    await this.#sealer?.stop();
    this.#sealer = null;
    (await this.#tree)?.close();
  }
}
