/** A ledger in memory, as plain as can be: it checks, deduplicates by id and keeps. */
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { slaDocument } from "../../../projections/document/sla-document.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { LedgerError } from "../../../src/errors.ts";
import { checkEvent } from "../../../src/events/check/check.ts";
import { streamOf } from "../../../src/events/stream.ts";
import type { Submission } from "../../../src/ledger/append/submission.ts";
import { firstZones } from "../../../src/zones/zones.ts";

const nowMs = Date.UTC(2026, 0, 1);

export class PlainLedger {
  readonly events: RawEvent[] = [];
  readonly #byId = new Map<string, { sequence: number; text: string }>();

  async submit(inputs: readonly unknown[]): Promise<readonly Submission[]> {
    return inputs.map((input) => this.#submitOne(input));
  }

  report(cluster: string, period: string, zone: string): SlaDocument {
    const view = plainClusterViewAt(this.events, cluster, this.events.length);
    return slaDocument(view, { period, zone }, firstZones);
  }

  #submitOne(input: unknown): Submission {
    const checked = checkEvent(input, { nowMs });
    if (checked instanceof LedgerError) return { status: "refused", id: null, error: checked };
    const { id, type, data, occurredAt, dataJson, attributionJson } = checked;
    const stream = streamOf(type, data as Record<string, unknown>) ?? "";
    const text = `${type} ${occurredAt} ${dataJson} ${attributionJson}`;
    const known = this.#byId.get(id);
    if (known !== undefined) {
      if (known.text === text) {
        return { status: "duplicate", id, stream, revision: 0n, sequence: known.sequence };
      }
      const error = new LedgerError("id-conflict", "the id is taken by other content");
      return { status: "refused", id, error };
    }
    const sequence = this.events.length + 1;
    this.#byId.set(id, { sequence, text });
    this.events.push({ id, type, sequence, occurredAt, recordedAt: nowMs, data } as RawEvent);
    return { status: "appended", id, stream, revision: 0n, sequence };
  }
}
