/** From a store's name to the store. */
import { LedgerError } from "../errors.ts";
import { openEmbeddedStore } from "../store/embedded.ts";
import type { EventStore } from "../store/event-store.ts";

/** Opens `sqlite:PATH`. Throws `invalid-request` for a name of another form, and what the store throws. */
export async function openStore(name: string, mode: "read" | "write"): Promise<EventStore> {
  const scheme = name.slice(0, name.indexOf(":"));
  const path = name.slice(name.indexOf(":") + 1);
  if (scheme === "sqlite" && path !== "") return await openEmbeddedStore({ path, mode });
  throw new LedgerError("invalid-request", `"${name}" names no store; say sqlite:PATH`);
}
