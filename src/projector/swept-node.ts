/**
 * One node's changes of state and repairs, from its events as they come. It follows only what needs no
 * second look: events in the order of their time, each of which fits the state that the ones before
 * leave. At the first that does not, the node is given up: it is for the fold.
 */
import type { NodeColumns } from "../../projections/node-columns.ts";
import { changeCode } from "../../projections/state-change-chunks.ts";
import type { IdScanner } from "./id-scanner.ts";

/** What began and has not ended, by its id in the bytes of its event. Used again once it has ended. */
interface OpenItem {
  at: number;
  high: number;
  low: number;
  bytes: Buffer;
  begin: number;
  end: number;
}

const states = [null, "in-service", "unknown", "maintenance", "down"] as const;
/** Codes of changes between two of them. */
const codes = states.flatMap((from) => states.map((to) => changeCode(from, to)));
const [outside, inService, unknown, maintenance, down] = [0, 1, 2, 3, 4] as const;

export class SweptNode {
  /** Whether all so far was followed. */
  isFollowed: boolean;
  readonly #times: Float64Array;
  readonly #codes: Uint8Array;
  #changes = 0;
  readonly #repairsFrom: Float64Array;
  readonly #repairsTo: Float64Array;
  #repairs = 0;
  /** Hashes of the ids of what began. */
  readonly #ids: Float64Array;
  #begun = 0;
  readonly #openFaults: OpenItem[] = [];
  readonly #openMaintenance: OpenItem[] = [];
  readonly #spare: OpenItem[] = [];
  #isMember = false;
  #isWatched = true;
  /** Of the last event. */
  #at = -Infinity;
  #observationAt = -Infinity;
  #membershipAt = -Infinity;
  /** After the instants before the last. */
  #state: number = outside;

  /** For a node of so many events at most; of none, it is given up at once. */
  constructor(events: number) {
    this.isFollowed = events > 0;
    this.#times = new Float64Array(events);
    this.#codes = new Uint8Array(events);
    this.#repairsFrom = new Float64Array(events);
    this.#repairsTo = new Float64Array(events);
    this.#ids = new Float64Array(events);
  }

  giveUp(): void {
    this.isFollowed = false;
  }

  commission(at: number): void {
    if (this.#changeMembership(at)) {
      if (this.#isMember) this.giveUp();
      this.#isMember = true;
    }
  }

  decommission(at: number): void {
    if (this.#changeMembership(at)) {
      const leavesNothingOpen =
        this.#isWatched && this.#openFaults.length === 0 && this.#openMaintenance.length === 0;
      if (!this.#isMember || !leavesNothingOpen) this.giveUp();
      this.#isMember = false;
    }
  }

  /** Observation is lost, or restored. */
  observe(at: number, isWatched: boolean): void {
    if (!this.#comesTo(at)) return;
    if (this.#isWatched === isWatched || at === this.#observationAt) this.giveUp();
    this.#observationAt = at;
    this.#isWatched = isWatched;
  }

  fail(at: number, id: IdScanner): void {
    if (this.#comesTo(at)) this.#begin(this.#openFaults, at, id, 0);
  }

  /** A fault is over. */
  repair(at: number, id: IdScanner): void {
    if (!this.#comesTo(at)) return;
    const fault = this.#take(this.#openFaults, id);
    if (fault !== null) this.#addRepair(fault.at, at);
  }

  startMaintenance(at: number, id: IdScanner): void {
    if (this.#comesTo(at)) this.#begin(this.#openMaintenance, at, id, 1);
  }

  endMaintenance(at: number, id: IdScanner): void {
    if (this.#comesTo(at)) this.#take(this.#openMaintenance, id);
  }

  /** After the last event; `null` if something was not followed, or an id may have come twice. */
  columns(): NodeColumns | null {
    this.#settle();
    if (!this.isFollowed || hasTwice(this.#ids.subarray(0, this.#begun))) return null;
    const [changes, repairs] = [this.#changes, this.#repairs];
    return {
      changes: { times: this.#times.slice(0, changes), codes: this.#codes.slice(0, changes) },
      repairs: {
        from: this.#repairsFrom.slice(0, repairs),
        to: this.#repairsTo.slice(0, repairs),
      },
    };
  }

  /** `kind` keeps the ids of faults apart from those of maintenance. */
  #begin(open: OpenItem[], at: number, id: IdScanner, kind: 0 | 1): void {
    const { high, low } = id;
    const item = this.#spare.pop();
    if (item === undefined) {
      open.push({ at, high, low, bytes: id.bytes, begin: id.begin, end: id.end });
    } else {
      item.at = at;
      item.high = high;
      item.low = low;
      item.bytes = id.bytes;
      item.begin = id.begin;
      item.end = id.end;
      open.push(item);
    }
    this.#ids[this.#begun++] = ((high >>> 0) * 0x10_0000 + (low >>> 12)) * 2 + kind;
  }

  /** Takes the item with that id out of the list; the node is given up if there is none. */
  #take(open: OpenItem[], id: IdScanner): OpenItem | null {
    for (let i = 0; i < open.length; i++) {
      const item = open[i];
      if (item === undefined || !isOf(item, id)) continue;
      const last = open.pop();
      if (last !== undefined && last !== item) open[i] = last;
      this.#spare.push(item);
      return item;
    }
    this.giveUp();
    return null;
  }

  /** Goes on to an event of a member; `false` if it is given up. */
  #comesTo(at: number): boolean {
    if (at < this.#at || at === this.#membershipAt || !this.#isMember) this.giveUp();
    if (at > this.#at) this.#settle();
    this.#at = at;
    return this.isFollowed;
  }

  /** A membership begins or ends at an instant of its own. */
  #changeMembership(at: number): boolean {
    if (at <= this.#at) this.giveUp();
    this.#settle();
    this.#at = at;
    this.#membershipAt = at;
    return this.isFollowed;
  }

  /** Notes the change that the last instant made, all of whose events are there. */
  #settle(): void {
    const state = this.#present();
    if (state === this.#state) return;
    this.#times[this.#changes] = this.#at;
    this.#codes[this.#changes++] = codes[this.#state * states.length + state] ?? 0;
    this.#state = state;
  }

  /** Down, else maintenance, else unknown, else in service. */
  #present(): number {
    if (!this.#isMember) return outside;
    if (this.#openFaults.length > 0) return down;
    if (this.#openMaintenance.length > 0) return maintenance;
    return this.#isWatched ? inService : unknown;
  }

  #addRepair(from: number, to: number): void {
    let place = this.#repairs++;
    this.#repairsTo[place] = to;
    // Repairs that end together stand by their beginning.
    for (; place > 0 && this.#repairsTo[place - 1] === to; place--) {
      const before = this.#repairsFrom[place - 1] ?? 0;
      if (before <= from) break;
      this.#repairsFrom[place] = before;
    }
    this.#repairsFrom[place] = from;
  }
}

function hasTwice(values: Float64Array): boolean {
  values.sort();
  for (let i = 1; i < values.length; i++) if (values[i - 1] === values[i]) return true;
  return false;
}

function isOf(item: OpenItem, id: IdScanner): boolean {
  const length = id.end - id.begin;
  if (item.high !== id.high || item.low !== id.low) return false;
  if (item.end - item.begin !== length) return false;
  for (let i = 0; i < length; i++) {
    if (item.bytes[item.begin + i] !== id.bytes[id.begin + i]) return false;
  }
  return true;
}
