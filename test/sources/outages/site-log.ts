/** A small outage log in memory, read by a map that a test changes. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { SourceOf } from "../../../src/sources/config/sources-file.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { PlainLedger } from "./plain-ledger.ts";

/** Nodes n1 to n4 are members of cluster "site" in March 2026, in UTC. */
const map = {
  name: "site",
  kind: "csv",
  cluster: "site",
  node: "{node}",
  start: "from",
  end: "to",
  time: { format: "yyyy-MM-dd HH:mm", zone: "UTC" },
  members: { nodes: { list: ["n[1-4]"] }, from: "2026-03-01", to: "2026-04-01" },
};

export class SiteLog {
  readonly ledger = new PlainLedger();
  readonly #source: SourceOf<"csv">;
  #files = 0;

  constructor(changes: object = {}) {
    const {
      sources: [source],
    } = readSources({ sources: [{ ...map, ...changes }] });
    this.#source = source as SourceOf<"csv">;
  }

  /** Takes a file that was written later than those before it. */
  take(header: string, ...rows: readonly string[]) {
    const writtenAt = Date.UTC(2026, 3, 1) - 1_000_000 + 1_000 * this.#files++;
    return this.ledger.take(this.#source, [header, ...rows].join("\n"), writtenAt);
  }

  /** Down minutes, and faults opened and closed, in March. */
  figures() {
    const { nis, mttr } = this.ledger.report("site", "2026-03", "UTC");
    return {
      downMinutes: nis.downNodeMs / 60_000,
      opened: mttr.faultsOpened,
      closed: mttr.faultsClosed,
    };
  }

  /** Every event that is stated, in short. */
  told(): string[] {
    return this.ledger.events.flatMap(({ type, occurredAt, data }) =>
      type.startsWith("Node") && !type.endsWith("mmissioned") && "node" in data
        ? [`${type} ${data.node} ${formatInstant(occurredAt).slice(0, 16)}`]
        : [],
    );
  }
}
