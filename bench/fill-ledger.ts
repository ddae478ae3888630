/** Fills a ledger with the events of a bench. */
import { openLedger } from "../src/ledger/open-ledger.ts";
import { randomOf } from "./node-history.ts";

export interface Stated {
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
}

/** Submits what is made for the present instant, a thousand events at a time; the same numbers are drawn each time. */
export async function fillLedger(
  path: string,
  made: (now: number, random: () => number) => readonly Iterable<Stated>[],
): Promise<void> {
  const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write" });
  const submit = async (events: readonly Stated[]): Promise<void> => {
    const named = events.map((event) => ({ id: crypto.randomUUID(), actor: "bench", ...event }));
    for (const each of await ledger.submit(named)) if (each.status === "refused") throw each.error;
  };
  let part: Stated[] = [];
  for (const each of made(Date.now(), randomOf(7))) {
    for (const event of each) {
      part.push(event);
      if (part.length < 1_000) continue;
      await submit(part);
      part = [];
    }
  }
  await submit(part);
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  await ledger.close();
}
