/** The proof of one event from its store: under a seal of the ledger, or under a head that is signed for it. */
import { LedgerError } from "../errors.ts";
import type { DataOf } from "../events/catalogue.ts";
import type { EventStore } from "../store/port.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { leafStore } from "../store/leaf-store.ts";
import { signCheckpoint } from "../tree/checkpoint.ts";
import { assertLeavesHold, heldLeaf } from "../tree/held-leaves.ts";
import type { LedgerTree } from "../tree/ledger-tree.ts";
import type { NoteSigner } from "../tree/signed-note.ts";
import type { EventProof } from "../tree/tlog-proof.ts";
import { assertFits, lastSeal } from "./past-seals.ts";

/** A signed head of the tree. */
interface Head {
  readonly size: number;
  readonly checkpoint: string;
}

/**
 * Proves the event with the id. Without a key, it is proven under the last seal. Throws `not-found`, `not-sealed`, and
 * `corrupt-event` if the event, or what is signed, is not what was stored.
 */
export async function proveEvent(
  store: EventStore,
  tree: LedgerTree,
  id: string,
  signer: NoteSigner | null,
): Promise<EventProof> {
  const event = await store.findById(id.toLowerCase());
  if (event === null) throw new LedgerError("not-found", `There is no event ${id}.`);
  const { sequence } = event;
  const leaf = await heldLeaf(leafStore(store), sequence, await tree.leafHash(sequence));
  const { size, checkpoint } =
    signer === null ? await sealedHead(store, tree, sequence) : await headNow(store, tree, signer);
  const hashes = await tree.inclusionProof(sequence - 1, size);
  return { leaf, index: BigInt(sequence - 1), hashes, checkpoint };
}

/**
 * The signed head over the first `size` events. Throws `corrupt-event` if an event after the last seal is not what was
 * stored.
 */
export async function signedHead(
  store: EventStore,
  tree: LedgerTree,
  signer: NoteSigner,
  size: number,
): Promise<string> {
  const sealed = (await lastSeal({ store }))?.data as DataOf<"LedgerSealed"> | undefined;
  const source: LeafStore = leafStore(store);
  await assertLeavesHold(source, Math.min(sealed?.size ?? 0, size), size);
  const root = await tree.root(size);
  return signCheckpoint({ origin: signer.name, size: BigInt(size), root }, signer);
}

async function headNow(store: EventStore, tree: LedgerTree, signer: NoteSigner): Promise<Head> {
  const size = await tree.catchUp();
  const seal = await lastSeal({ store });
  if (seal !== null) await assertFits(seal, (upTo) => tree.root(upTo));
  return { size, checkpoint: await signedHead(store, tree, signer, size) };
}

async function sealedHead(store: EventStore, tree: LedgerTree, sequence: number): Promise<Head> {
  const seal = await lastSeal({ store });
  const { size, checkpoint } = (seal?.data ?? {
    size: 0,
    checkpoint: "",
  }) as DataOf<"LedgerSealed">;
  if (seal !== null && size >= sequence) {
    await assertFits(seal, (upTo) => tree.root(upTo));
    return { size, checkpoint };
  }
  const why =
    seal === null
      ? "the ledger has no seal"
      : `the last seal covers ${size} events, and the event has sequence ${sequence}`;
  throw new LedgerError(
    "not-sealed",
    `${why}. Run \`seal\`, serve the ledger with a key so that it seals itself, or sign a head for this proof alone with --key`,
  );
}
