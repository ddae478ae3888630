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

export class ToldFacts {
  readonly #coming: readonly StatedFact[];
  #heard = 0;
  readonly #byId = new Map<string, Told>();
  /** What was ever said to be about a node, whether it still is or not. */
  readonly #about = new Map<string, Set<Told>>();

  /** `lines` are facts about nodes and amendments of anything, in the order of recording. */
  constructor(lines: readonly StatedFact[]) {
    this.#coming = lines;
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
    const { eventId, data } = fact.data as { readonly eventId?: string; readonly data?: object };
    const amended = eventId === undefined ? undefined : this.#byId.get(eventId);
    if (eventId !== undefined && amended === undefined) return;
    this.#byId.set(fact.id, told);
    if (amended === undefined) {
      this.#note(told, fact.data);
      return;
    }
    amended.amendments.push(told);
    const root = this.#rootOf(told);
    for (const said of [data, (data as { readonly data?: object } | undefined)?.data])
      if (said !== undefined) this.#note(root, said);
  }

  /** In no order. */
  about(cluster: string, node: string): ToldFact[] {
    const key = keyOf({ cluster, node });
    return [...(this.#about.get(key) ?? [])].flatMap((told) => {
      const { occurredAt, data } = standing(told);
      if (isOut(told) || keyOf(data) !== key) return [];
      const { id, type } = told.fact;
      return [{ id, type, occurredAt, recordedAt: lastWordOn(told), data: { ...data } }];
    });
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
    const key = keyOf(data);
    const before = this.#about.get(key) ?? new Set<Told>();
    before.add(told);
    this.#about.set(key, before);
  }
}

function keyOf(data: object): string {
  const { cluster, node } = data as { readonly cluster?: string; readonly node?: string };
  return `${cluster ?? ""} ${node ?? ""}`;
}

function isOut({ amendments }: Told): boolean {
  return amendments.some((each) => each.fact.type === "FactRetracted" && !isOut(each));
}

function standing({ fact, amendments }: Told): { occurredAt: number; data: object } {
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
