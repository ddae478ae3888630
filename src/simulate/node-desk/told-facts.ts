/**
 * What the ledger has been told about nodes, by the simulator's own reading of corrections: of several corrections the last
 * counts, field by field; what is retracted is out; and both may be corrected and retracted themselves.
 */
import type { StatedFact } from "../setting/reporter.ts";

/** A fact as it stands after the corrections that the ledger has heard of. */
export interface ToldFact {
  readonly id: string;
  readonly type: StatedFact["type"];
  readonly occurredAt: number;
  /** Of what was amended: when the last amendment was recorded. */
  readonly recordedAt: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What was told, with what was said of it afterwards, in that order. */
interface Told {
  readonly fact: StatedFact;
  readonly amendments: Told[];
}

/** What was ever said to be about a node, whether it still is or not, and the latest time that any of it has. */
interface Subject {
  readonly told: Set<Told>;
  latestAt: number;
}

/** What amendments have, and other facts lack. */
interface Amending {
  readonly eventId?: string;
  readonly data?: object & { readonly data?: object };
}

/** Of one cluster. */
export class ToldFacts {
  readonly #cluster: string;
  readonly #coming: readonly StatedFact[];
  #heard = 0;
  readonly #byId = new Map<string, Told>();
  readonly #about = new Map<string, Subject>();

  /** `lines` are in the order of recording. */
  constructor(cluster: string, lines: readonly StatedFact[]) {
    this.#cluster = cluster;
    const amendments = lines.filter(
      ({ type }) => type === "FactCorrected" || type === "FactRetracted",
    );
    // What is said of another cluster by mistake is put right by an amendment.
    const mayMove = new Set(
      amendments.flatMap(({ data }) => ("eventId" in data ? data.eventId : [])),
    );
    this.#coming = lines.filter(
      ({ id, type, data }) =>
        type.startsWith("Fact") ||
        (type.startsWith("Node") && (mayMove.has(id) || clusterOf(data) === cluster)),
    );
  }

  /** Up to the instant, at which time never goes back. */
  hearUntil(at: number): void {
    for (;;) {
      const next = this.#coming[this.#heard];
      if (next === undefined || next.recordedAt > at) return;
      this.#heard++;
      this.hear(next);
    }
  }

  /** A line that comes again says nothing new. */
  hear(fact: StatedFact): void {
    if (this.#byId.has(fact.id)) return;
    const told: Told = { fact, amendments: [] };
    const { eventId, data } = fact.data as Amending;
    const amended = eventId === undefined ? undefined : this.#byId.get(eventId);
    if (eventId !== undefined && amended === undefined) return;
    this.#byId.set(fact.id, told);
    if (amended === undefined) {
      this.#note(told, fact.data);
      return;
    }
    amended.amendments.push(told);
    const root = this.#rootOf(told);
    // A correction of a correction has what that one should have said.
    for (const said of [data, data?.data]) if (said !== undefined) this.#note(root, said);
  }

  /** In no order. */
  about(node: string): ToldFact[] {
    const facts: ToldFact[] = [];
    for (const told of this.#about.get(node)?.told ?? []) {
      const { occurredAt, data } = standing(told);
      if (isOut(told) || this.#nodeOf(data) !== node) continue;
      const { id, type } = told.fact;
      const recordedAt = lastWordOn(told);
      facts.push({ id, type, occurredAt, recordedAt, data: data as ToldFact["data"] });
    }
    return facts;
  }

  /**
   * No fact about the node is later, unless a correction made it so, which is later still; -Infinity if there is none.
   */
  latestAt(node: string): number {
    return this.#about.get(node)?.latestAt ?? -Infinity;
  }

  /** `null` for one of another cluster. */
  #nodeOf(data: object): string | null {
    const { node } = data as { readonly node?: string };
    return node !== undefined && clusterOf(data) === this.#cluster ? node : null;
  }

  #rootOf({ fact }: Told): Told {
    const { eventId } = fact.data as { readonly eventId?: string };
    const named = eventId === undefined ? undefined : this.#byId.get(eventId);
    if (named !== undefined) return this.#rootOf(named);
    const root = this.#byId.get(fact.id);
    if (root === undefined) throw new Error(`${fact.id} was not heard of`);
    return root;
  }

  #note(told: Told, data: object): void {
    const node = this.#nodeOf(data);
    if (node === null) return;
    const subject = this.#about.get(node) ?? { told: new Set(), latestAt: -Infinity };
    subject.told.add(told);
    subject.latestAt = Math.max(subject.latestAt, told.fact.occurredAt);
    this.#about.set(node, subject);
  }
}

function clusterOf(data: object): string | undefined {
  return (data as { readonly cluster?: string }).cluster;
}

function isOut({ amendments }: Told): boolean {
  return amendments.some((each) => each.fact.type === "FactRetracted" && !isOut(each));
}

function standing({ fact, amendments }: Told): Pick<StatedFact, "occurredAt" | "data"> {
  if (amendments.length === 0) return fact;
  let { occurredAt, data } = fact;
  for (const each of amendments) {
    if (each.fact.type !== "FactCorrected" || isOut(each)) continue;
    const said = standing(each).data as { readonly occurredAt?: string; readonly data?: object };
    if (said.occurredAt !== undefined) occurredAt = Date.parse(said.occurredAt);
    if (said.data !== undefined) ({ data } = said as { data: object });
  }
  return { occurredAt, data };
}

function lastWordOn(told: Told): number {
  const words = told.amendments.map(lastWordOn);
  return words.length === 0 ? told.fact.recordedAt : Math.max(...words);
}
