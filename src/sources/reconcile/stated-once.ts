/** Events that are stated once and never settled: one whose id the ledger has is a duplicate. */
import type { StoredEvent } from "../../events/envelope.ts";
import type { Draft } from "./drafts.ts";
import type { Settled } from "./task.ts";

export function stateOnce(events: readonly StoredEvent[], drafts: readonly Draft[]): Settled {
  const known = new Set(events.map(({ id }) => id));
  const fresh: Draft[] = [];
  for (const draft of drafts) {
    if (known.has(draft.id)) continue;
    known.add(draft.id);
    fresh.push(draft);
  }
  return { drafts: fresh, absorbed: 0, duplicates: drafts.length - fresh.length, found: 0 };
}
