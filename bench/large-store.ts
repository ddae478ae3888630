/** The ledger of 10,000 nodes and the last 90 days, which the benches of answers and pages ask. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillFleet } from "./filled-fleet.ts";
import { largeFleet } from "./large-fleet.ts";

const nodes = 10_000;
const days = 90;
const dayMs = 86_400_000;

interface LargeStore {
  readonly store: string;
  /** Answers to measure of each kind. */
  readonly count: number;
  readonly clusters: number;
  /** How long viewers look. */
  readonly seconds: number;
  /** Removes the file, unless it was asked to be kept. */
  readonly done: () => void;
}

/** Made when there is none: that takes four minutes of processor time. A file that is there is used as it is. */
export async function largeStore(): Promise<LargeStore> {
  const { values } = parseArgs({
    options: {
      clusters: { type: "string", default: "4" },
      asks: { type: "string", default: "200" },
      seconds: { type: "string", default: "30" },
      store: { type: "string" },
    },
  });
  const folder = values.store === undefined ? mkdtempSync(join(tmpdir(), "fleetledger-")) : null;
  const store = values.store ?? join(folder ?? "", "large.sqlite");
  const clusters = Number(values.clusters);
  if (!existsSync(store)) {
    // The last day ends an hour ago.
    const begins = Date.now() - (days + 2) * dayMs - 3_600_000;
    const size = { ...largeFleet, days, clusters, nodesPerCluster: nodes / clusters, begins };
    await fillFleet(store, size);
  }
  return {
    store,
    clusters,
    count: Number(values.asks),
    seconds: Number(values.seconds),
    done: () => {
      if (folder !== null) rmSync(folder, { recursive: true });
    },
  };
}
