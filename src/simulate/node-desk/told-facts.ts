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

/** What amendments have, and other facts lack. */
interface Amending {
  readonly eventId?: string;
  readonly data?: object & { readonly data?: object };
}

/** Most facts are never amended. */
const untouched: Told[] = [];

/** Of one cluster. */
export class ToldFacts {
  readonly #cluster: string;
  /** What is ever said to be about a node, whether it still is or not. */
  readonly #about = new Map<string, Set<Told>>();

  /** `lines` are in the order of recording, each once. */
  constructor(cluster: string, lines: readonly StatedFact[]) {
    this.#cluster = cluster;
    const amended = new Set(lines.flatMap((line) => amendedBy(line) ?? []));
    const byId = new Map<string, Told>();
    for (const fact of lines) {
      const eventId = amendedBy(fact);
      if (eventId === null && !fact.type.startsWith("Node")) continue;
      const told: Told = { fact, amendments: amended.has(fact.id) ? [] : untouched };
      if (amended.has(fact.id)) byId.set(fact.id, told);
      if (eventId === null) this.#note(told, fact.data);
      else byId.get(eventId)?.amendments.push(told);
    }
    for (const told of byId.values())
      if (amendedBy(told.fact) === null) this.#noteAmended(told, told.amendments);
  }

  /** Something that the ledger itself has recorded. */
  hear(fact: StatedFact): void {
    this.#note({ fact, amendments: untouched }, fact.data);
  }

  /** By the instant; in no order. */
  about(node: string, by: number): ToldFact[] {
    const facts: ToldFact[] = [];
    for (const told of this.#about.get(node) ?? []) {
      if (told.fact.recordedAt > by) continue;
      const { occurredAt, data } = standing(told, by);
      if (isOut(told, by) || this.#nodeOf(data) !== node) continue;
      const { id, type } = told.fact;
      const recordedAt = lastWordOn(told, by);
      facts.push({ id, type, occurredAt, recordedAt, data: data as ToldFact["data"] });
    }
    return facts;
  }

  /**
   * No fact about the node that is told by the instant is later; -Infinity if there is none. A time that was corrected lies
   * before its correction.
   */
  latestAt(node: string, by: number): number {
    let latest = -Infinity;
    for (const { fact } of this.#about.get(node) ?? [])
      if (fact.recordedAt <= by && fact.occurredAt > latest) latest = fact.occurredAt;
    return latest;
  }

  /** Notes a fact wherever an amendment says that it belongs. */
  #noteAmended(root: Told, amendments: readonly Told[]): void {
    for (const { fact, amendments: further } of amendments) {
      const { data } = fact.data as Amending;
      // A correction of a correction has what that one should have said.
      for (const said of [data, data?.data]) if (said !== undefined) this.#note(root, said);
      this.#noteAmended(root, further);
    }
  }

  #note(told: Told, data: object): void {
    const node = this.#nodeOf(data);
    if (node === null) return;
    const before = this.#about.get(node);
    if (before === undefined) this.#about.set(node, new Set([told]));
    else before.add(told);
  }

  /** `null` for one of another cluster. */
  #nodeOf(data: object): string | null {
    const { cluster, node } = data as { readonly cluster?: string; readonly node?: string };
    return node !== undefined && cluster === this.#cluster ? node : null;
  }
}

/** The id of what it amends; `null` for a fact. */
function amendedBy({ type, data }: StatedFact): string | null {
  if (type !== "FactCorrected" && type !== "FactRetracted") return null;
  return (data as Amending).eventId ?? null;
}

function heard({ amendments }: Told, by: number): readonly Told[] {
  return amendments.length === 0
    ? amendments
    : amendments.filter(({ fact }) => fact.recordedAt <= by);
}

function isOut(told: Told, by: number): boolean {
  return heard(told, by).some((each) => each.fact.type === "FactRetracted" && !isOut(each, by));
}

function standing(told: Told, by: number): Pick<StatedFact, "occurredAt" | "data"> {
  let { occurredAt, data } = told.fact;
  for (const each of heard(told, by)) {
    if (each.fact.type !== "FactCorrected" || isOut(each, by)) continue;
    const said = standing(each, by).data as {
      readonly occurredAt?: string;
      readonly data?: object;
    };
    if (said.occurredAt !== undefined) occurredAt = Date.parse(said.occurredAt);
    if (said.data !== undefined) ({ data } = said as { data: object });
  }
  return { occurredAt, data };
}

function lastWordOn(told: Told, by: number): number {
  const words = heard(told, by).map((each) => lastWordOn(each, by));
  return words.length === 0 ? told.fact.recordedAt : Math.max(...words);
}
