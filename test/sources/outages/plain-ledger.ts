/** A ledger in memory, as plain as can be: it checks, deduplicates by id and keeps; outage logs are settled against it. */
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { slaDocument } from "../../../projections/document/sla-document.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { LedgerError } from "../../../src/errors.ts";
import { checkEvent } from "../../../src/events/check/check.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { streamOf } from "../../../src/events/stream.ts";
import type { SourceOf } from "../../../src/sources/config/sources-file.ts";
import { type Answer, answerOf, countSettled } from "../../../src/sources/intake/answer.ts";
import type { KnownPlace } from "../../../src/sources/outages/see-outages.ts";
import { seeOutages } from "../../../src/sources/outages/see-outages.ts";
import { readClaimName, readExportName, sourceTag } from "../../../src/sources/reconcile/names.ts";
import { nodeTasks } from "../../../src/sources/reconcile/node-tasks.ts";
import type { Task } from "../../../src/sources/reconcile/task.ts";
import { firstZones } from "../../../src/zones/zones.ts";

const nowMs = Date.UTC(2026, 5, 1);

export class PlainLedger {
  readonly events: RawEvent[] = [];
  readonly #byStream = new Map<string, StoredEvent[]>();
  readonly #byId = new Map<string, StoredEvent>();

  /** Takes a file of an outage log that was written at the instant. */
  take(source: SourceOf<"csv">, text: string, exportedAt = nowMs): Answer {
    const places = this.#placesOf(source);
    const seen = seeOutages(source, text, { nowMs, exportedAt, places });
    const answer = answerOf(seen);
    const byStream = new Map<string, Task[]>();
    for (const task of [...seen.tasks, ...nodeTasks(source, seen.observations, nowMs)])
      byStream.set(task.stream, [...(byStream.get(task.stream) ?? []), task]);
    for (const [stream, tasks] of byStream) {
      const known = this.#byStream.get(stream) ?? [];
      const settled = tasks.map((task) => task.settle([...known], { faultsOf: () => [] }));
      countSettled(answer, settled);
      for (const draft of settled.flatMap(({ drafts }) => drafts)) {
        this.#append({ ...draft, source: sourceTag(source), actor: "tests" });
        answer.appended++;
      }
    }
    return answer;
  }

  report(cluster: string, period: string, zone: string): SlaDocument {
    const view = plainClusterViewAt(this.events, cluster, this.events.length);
    return slaDocument(view, { period, zone }, firstZones);
  }

  #placesOf(source: SourceOf<"csv">): Map<string, KnownPlace[]> {
    const places = new Map<string, KnownPlace[]>();
    for (const { type, data, attribution } of this.#byId.values()) {
      const claim = readClaimName(source.name, attribution.causationId);
      if (claim === null || (type !== "NodeFailed" && type !== "NodeMaintenanceStarted")) continue;
      const { cluster, node } = data as { cluster: string; node: string };
      const toldIn = readExportName(attribution.correlationId);
      const list = (places.get(claim.series) ?? []).filter((each) => each.node !== node);
      places.set(claim.series, [...list, { cluster, node, toldIn }]);
    }
    return places;
  }

  #append(input: object): void {
    const checked = checkEvent(input, { nowMs });
    if (checked instanceof LedgerError) throw checked;
    const { id, type, data, occurredAt, attributionJson } = checked;
    if (this.#byId.has(id)) throw new Error(`the id of a ${type} is taken`);
    const target = "eventId" in data ? this.#byId.get(String(data.eventId)) : undefined;
    const stream = target?.stream ?? streamOf(type, data as Record<string, unknown>) ?? "";
    const list = this.#byStream.get(stream) ?? [];
    this.#byStream.set(stream, list);
    const attribution = JSON.parse(attributionJson) as StoredEvent["attribution"];
    const sequence = this.events.length + 1;
    const place = { stream, revision: BigInt(list.length), sequence, recordedAt: nowMs };
    const stored = {
      id,
      type,
      schemaVersion: 1,
      occurredAt,
      data,
      attribution,
      ...place,
    } as StoredEvent;
    list.push(stored);
    this.#byId.set(id, stored);
    this.events.push({ id, type, sequence, occurredAt, recordedAt: nowMs, data } as RawEvent);
  }
}
