/** Opens a store by its name. */
import { LedgerError } from "../errors.ts";
import { openEmbeddedStore } from "../store/sqlite/embedded.ts";
import type { EventStore, LeaseRole } from "../store/port.ts";
import { assertFileName } from "../store/sqlite/files/file-name.ts";
import { positionMark } from "../store/sqlite/rows/marks.ts";
import { openAsItLies } from "../store/mirror/stop.ts";
import type { Say } from "../store/telling.ts";
import { isKurrentDbName, withoutCredentials } from "../store/kurrentdb/client/name.ts";

interface StoreTelling {
  /** Called while a mirror is filled: how much is done, and how much there is in all. */
  readonly onFilling?: ((done: number, total: number) => void) | undefined;
  /** Default: `candidate` if it writes. */
  readonly lease?: LeaseRole | undefined;
  /** Whether a reader may use the mirror alone while the store is unavailable. Default: true. */
  readonly mayLagBehind?: boolean | undefined;
  /** Called with messages for an operator. */
  readonly say?: Say | undefined;
}

/** The path of `sqlite:PATH`; `null` for a name of another form. Throws `invalid-request` for a database in memory. */
export function filePathOf(name: string): string | null {
  const path = /^sqlite:(.+)$/s.exec(name)?.[1] ?? null;
  assertFileName(path ?? name);
  return path;
}

/**
 * Opens `sqlite:PATH`, or `esdb://…` and `kurrentdb://…` with `#data=DIR`. Throws `invalid-request` for a
 * name of another form, and what the store throws.
 */
export async function openStore(
  name: string,
  mode: "read" | "write",
  { onFilling, ...telling }: StoreTelling = {},
): Promise<EventStore> {
  if (isKurrentDbName(name)) {
    // The client is large, so it is loaded only when it is needed.
    const { openKurrentDbStore } = await import("../store/kurrentdb/kurrentdb.ts");
    return await openKurrentDbStore({ name, mode, onProgress: onFilling, ...telling });
  }
  const path = filePathOf(name);
  if (path !== null) return await openFile(path, mode, telling.say);
  throw new LedgerError(
    "invalid-request",
    `"${withoutCredentials(name)}" does not name a store; use sqlite:PATH, esdb://HOST:PORT or kurrentdb://HOST:PORT`,
  );
}

/** A mirror can be read like any ledger; but if it were written to, it would no longer be a mirror. */
async function openFile(
  path: string,
  mode: "read" | "write",
  say: Say | undefined,
): Promise<EventStore> {
  if (mode === "read") return await openAsItLies(path, say);
  const store = await openEmbeddedStore({ path, mode, say });
  if ((await store.mark(positionMark)) === null) return store;
  await store.close();
  throw new LedgerError(
    "read-only",
    `${path} is a mirror and is read-only; name the store that it mirrors`,
  );
}
