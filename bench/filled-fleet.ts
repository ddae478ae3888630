/** Makes the ledger of a large fleet as a file. */
import { setTimeout as sleep } from "node:timers/promises";
import { openLedger } from "../src/ledger/open-ledger.ts";
import { fleetDays } from "./large-fleet.ts";
import type { FleetSize } from "./large-fleet.ts";

/** What is there already is gone on with. */
export async function fillFleet(path: string, size: FleetSize): Promise<void> {
  const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write" });
  const { sequence: there } = await ledger.store.head();
  let count = 0;
  for (const day of fleetDays(size)) {
    const fresh = day.slice(Math.max(0, there - count));
    count += day.length;
    for (let i = 0; i < fresh.length; i += 2_000) {
      const taken = await ledger.submit(fresh.slice(i, i + 2_000), { preserveTimestamps: true });
      const refused = taken.find(({ status }) => status !== "appended");
      if (refused !== undefined) throw new Error(`an event was ${refused.status}`);
    }
    while (ledger.status().lagEvents > 200_000) await sleep(50);
  }
  await ledger.close();
}
