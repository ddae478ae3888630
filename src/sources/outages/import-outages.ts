/**
 * Imports an outage log: a first pass finds the clusters and their members, a second one states every outage. An error
 * in a row affects that row only.
 */
import { LedgerError } from "../../errors.ts";
import { linesPerChunk } from "../../limits/requests.ts";
import { zoneTransitions } from "../../zones/zones.ts";
import type { TimeForm } from "./local-time.ts";
import { membershipEvents, outageEvents } from "./outage-events.ts";
import type { OutgoingEvent } from "./outage-events.ts";
import type { OutageMap } from "./outage-map.ts";
import { MemberCollector } from "./outage-members.ts";
import type { ClusterMembers } from "./outage-members.ts";
import { readOutage } from "./outage-row.ts";
import type { NoteKind } from "./outage-row.ts";
import { readOutageRows } from "./outage-rows.ts";
import type { OutageRow, RowFilter } from "./outage-rows.ts";

/** What became of an event. */
export type Outcome =
  | { readonly status: "appended" | "duplicate"; readonly sequence: number | null }
  | { readonly status: "refused"; readonly error: Pick<LedgerError, "message" | "errors"> };

/** The receiver of the events: a ledger, or a connection to one. It returns an outcome per event, in their order. */
export interface EventTaker {
  submit(events: readonly object[]): Promise<readonly Outcome[]>;
}

/** A message about a row, or about a cluster's members if `row` is `null`. */
export interface RowWord {
  readonly row: number | null;
  readonly line: number | null;
  /** `refused`, or the kind of the note. */
  readonly kind: "refused" | NoteKind;
  readonly text: string;
}

interface OutageImport {
  readonly path: string;
  readonly map: OutageMap;
  readonly filters: readonly RowFilter[];
  /** Called with every message. */
  readonly onWord: (word: RowWord) => void | Promise<void>;
  /** Called with progress: rows done, rows in all. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface OutageSummary {
  /** Rows that the filter let through. */
  rows: number;
  clusters: number;
  /** Events appended, and those that were there already. */
  appended: number;
  duplicates: number;
  /** Rows refused, and events of memberships refused. */
  refused: number;
  lastSequence: number | null;
  /** How often each note was made. */
  readonly notes: Partial<Record<NoteKind, number>>;
}

/** An event on its way, with the row that it comes from. */
interface Pending {
  readonly event: OutgoingEvent;
  readonly row: OutageRow | null;
}

/** Imports the whole file. Throws `invalid-request` if the map does not fit the file. */
export async function importOutages(
  ledger: EventTaker,
  work: OutageImport,
): Promise<OutageSummary> {
  const run = new OutageRun(ledger, work);
  await run.collectMembers();
  await run.submitMembers();
  await run.submitOutages();
  return run.summary;
}

class OutageRun {
  readonly summary: OutageSummary = {
    rows: 0,
    clusters: 0,
    appended: 0,
    duplicates: 0,
    refused: 0,
    lastSequence: null,
    notes: {},
  };
  readonly #ledger: EventTaker;
  readonly #work: OutageImport;
  readonly #form: TimeForm;
  #members: ReadonlyMap<string, ClusterMembers> = new Map();
  #pending: Pending[] = [];
  #lastRefusedRow = 0;

  constructor(ledger: EventTaker, work: OutageImport) {
    this.#ledger = ledger;
    this.#work = work;
    const { format, zone: zoneName } = work.map.time;
    const zone = zoneTransitions(zoneName);
    if (zone === null) throw new LedgerError("unknown-zone", `unknown time zone "${zoneName}"`);
    this.#form = { format, zoneName, zone };
  }

  async collectMembers(): Promise<void> {
    const collector = new MemberCollector(this.#work.map);
    for await (const row of this.#rows()) {
      collector.add(row);
      this.summary.rows++;
    }
    this.#members = collector.finish();
    this.summary.clusters = this.#members.size;
  }

  async submitMembers(): Promise<void> {
    for (const [cluster, members] of this.#members) {
      for (const event of membershipEvents(cluster, members, this.#work.map, this.#form)) {
        await this.#send({ event, row: null });
      }
    }
  }

  async submitOutages(): Promise<void> {
    let done = 0;
    for await (const row of this.#rows()) {
      const outage = readOutage(row, this.#work.map, this.#form, this.#members);
      if (typeof outage === "string") {
        await this.#refuse(row, outage);
      } else {
        for (const note of outage.notes) {
          this.summary.notes[note.kind] = (this.summary.notes[note.kind] ?? 0) + 1;
          await this.#work.onWord({ row: row.number, line: row.line, ...note });
        }
        for (const event of outageEvents(row, outage, this.#work.map)) {
          await this.#send({ event, row });
        }
      }
      this.#work.onProgress(++done, this.summary.rows);
    }
    await this.#flush();
  }

  #rows(): AsyncGenerator<OutageRow> {
    return readOutageRows(this.#work.path, this.#work.map, this.#work.filters);
  }

  async #send(pending: Pending): Promise<void> {
    this.#pending.push(pending);
    if (this.#pending.length >= linesPerChunk) await this.#flush();
  }

  async #flush(): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const outcomes = await this.#ledger.submit(pending.map(({ event }) => event));
    for (const [i, outcome] of outcomes.entries()) {
      const sent = pending[i];
      if (sent !== undefined) await this.#count(sent, outcome);
    }
  }

  async #count({ event, row }: Pending, outcome: Outcome): Promise<void> {
    const { summary } = this;
    if (outcome.status === "refused") {
      await this.#refuse(row, `${event.type} was refused: ${reasonOf(outcome.error)}`);
      return;
    }
    if (outcome.status === "appended") summary.appended++;
    else summary.duplicates++;
    if (outcome.sequence !== null) {
      summary.lastSequence = Math.max(summary.lastSequence ?? 0, outcome.sequence);
    }
  }

  async #refuse(row: OutageRow | null, text: string): Promise<void> {
    // A row whose failure and return are both refused counts once.
    if (row === null || row.number !== this.#lastRefusedRow) this.summary.refused++;
    if (row !== null) this.#lastRefusedRow = row.number;
    await this.#work.onWord({
      row: row?.number ?? null,
      line: row?.line ?? null,
      kind: "refused",
      text,
    });
  }
}

/** A refusal in one line, with every input error. */
export function reasonOf(error: Pick<LedgerError, "message" | "errors">): string {
  const unsaid = error.errors.filter(({ message }) => !error.message.includes(message));
  const wrong = unsaid.map(({ path, message }) => `${path} ${message}`);
  return [error.message, ...wrong].join("; ");
}
