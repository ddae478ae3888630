/** What a store must bring so that the contract suite can try it. */
import { onTestFinished } from "vitest";
import type { EventStore } from "../../src/store/port.ts";

/** One ledger, empty at first, that can be opened again and again; one store of it is open at a time. */
export interface StoreUnderTest {
  open(): Promise<EventStore>;
  /** Makes the data of the event at `sequence` malformed, while no store is open; `null` where nobody can. */
  readonly damage: ((sequence: number) => Promise<void>) | null;
  /** Called once, after the last store was closed. */
  dispose(): Promise<void>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

export interface Fixture {
  readonly store: EventStore;
  readonly damage: ((sequence: number) => Promise<void>) | null;
  /** Closes the store and opens the ledger again. */
  readonly reopen: () => Promise<EventStore>;
}

/** A fresh ledger for the test that runs; closed and disposed of when that is over. */
export async function fresh(make: MakeStore): Promise<Fixture> {
  const ledger = await make();
  const store = await ledger.open();
  let open = store;
  onTestFinished(async () => {
    await open.close();
    await ledger.dispose();
  });
  return {
    store,
    damage: ledger.damage,
    reopen: async () => {
      await open.close();
      open = await ledger.open();
      return open;
    },
  };
}
