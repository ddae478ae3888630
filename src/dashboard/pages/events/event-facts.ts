/** One event as its page shows it: what was stated, what amends it, and what it came to. */
import { LedgerError } from "../../../errors.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import { eventHistory } from "../../../answers/event-history.ts";
import type { PageContext } from "../../frame/page.ts";

type History = Awaited<ReturnType<typeof eventHistory>>;

export interface EventFacts extends History {
  readonly event: StoredEvent;
  readonly cluster: string | null;
}

/** The event that the page's address names. Throws `not-found` if it is not there at the position. */
export function eventFacts(context: PageContext): Promise<EventFacts> {
  const { ledger, stand, params } = context;
  const id = (params["id"] ?? "").toLowerCase();
  return context.shared(`event ${id}`, async () => {
    const event = await ledger.store.findById(id);
    if (event === null || event.sequence > stand.sequence) {
      throw new LedgerError(
        "not-found",
        `There is no event ${id} up to sequence ${stand.sequence}.`,
      );
    }
    const history = await eventHistory(ledger.store, event, stand.sequence);
    return { event, cluster: clusterOf(event), ...history };
  });
}

export function clusterOf({ data }: StoredEvent): string | null {
  return "cluster" in data && typeof data.cluster === "string" ? data.cluster : null;
}

export function isAmendment({ type }: StoredEvent): boolean {
  return type === "FactCorrected" || type === "FactRetracted";
}
