/** One seal: the signed head of the tree over all events that the ledger has, appended to it. */
import type { Clock } from "../clock.ts";
import { stableId } from "../events/fields/stable-id.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { leafStore } from "../store/leaf-store.ts";
import { signCheckpoint } from "../tree/checkpoint.ts";
import { assertLeavesHold } from "../tree/held-leaves.ts";
import type { LedgerTree } from "../tree/ledger-tree.ts";
import { assertFits, lastSeal } from "./past-seals.ts";
import type { NoteSigner } from "../tree/signed-note.ts";

interface Sealing {
  readonly ledger: Ledger;
  readonly tree: LedgerTree;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  /** Number of events covered by an earlier seal, which are not read again. Default: all are. */
  readonly heldUpTo?: number;
}

export interface Seal {
  /** Events under it. */
  readonly size: number;
  readonly checkpoint: string;
  /** The seal's sequence; `null` if it is not known yet. */
  readonly sequence: number | null;
}

/**
 * Throws the ledger's refusal, and `corrupt-event` for a history that does not match the last seal or an event that is
 * not what was stored.
 */
export async function sealNow(sealing: Sealing): Promise<Seal> {
  const { ledger, tree, signer, clock, heldUpTo = 0 } = sealing;
  const before = await lastSeal(ledger);
  if (before !== null) await assertFits(before, (size) => tree.root(size));
  // Most of the work is done before the seal's turn, since appends wait for that.
  const store = leafStore(ledger.store);
  const { sequence: held } = await store.head();
  await assertLeavesHold(store, Math.min(heldUpTo, held), held);
  let made = { size: 0, checkpoint: "" };
  const submission = await ledger.submitSystemAtHead(async (size) => {
    if (size > held) await assertLeavesHold(store, held, size);
    const root = await tree.root(size);
    const head = { origin: signer.name, size: BigInt(size), root };
    made = { size, checkpoint: signCheckpoint(head, signer) };
    return {
      id: stableId(["seal", made.checkpoint]),
      type: "LedgerSealed",
      occurredAt: formatInstant(Math.floor(clock.nowMs())),
      data: {
        ...made,
        rootHash: root.toString("hex"),
        ...(ledger.timestampsPreserved() ? { recordedAtKept: true } : {}),
      },
    };
  });
  if (submission.status === "refused") throw submission.error;
  return { ...made, sequence: submission.sequence };
}
