/** The seals in a ledger, and whether they match the events before them. */
import { LedgerError } from "../errors.ts";
import type { DataOf } from "../events/catalogue.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { sealsStream } from "../events/stream.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** The last seal of the ledger, `null` if there is none. */
export async function lastSeal({ store }: Pick<Ledger, "store">): Promise<StoredEvent | null> {
  const revision = await store.streamRevision(sealsStream);
  if (revision === null) return null;
  for await (const event of store.readStream(sealsStream, revision)) return event;
  throw new LedgerError("internal", "the last seal is missing from the stream of seals");
}

/** What is wrong with a seal, given the present root of the events that it covers; `null` if nothing is. */
export function sealMismatch({ sequence, data }: StoredEvent, root: Buffer): LedgerError | null {
  const { size, rootHash } = data as DataOf<"LedgerSealed">;
  if (size < sequence && root.toString("hex") === rootHash) return null;
  return new LedgerError(
    "corrupt-event",
    `the seal at sequence ${sequence} does not match these events: something among events 1 to ${size} was changed after it was sealed`,
    { extra: { sequence } },
  );
}

/**
 * Checks a history before it is signed: one that does not continue the seals in it must not be signed. `rootOf` returns
 * the root of the first events. Throws `corrupt-event`, naming the seal.
 */
export async function assertFits(
  seal: StoredEvent,
  rootOf: (size: number) => Promise<Buffer>,
): Promise<void> {
  const { size } = seal.data as DataOf<"LedgerSealed">;
  // A seal over more events than precede it matches nothing, and there is no root to compare.
  const wrong = sealMismatch(seal, await rootOf(Math.min(size, seal.sequence - 1)));
  if (wrong !== null) throw wrong;
}
