/**
 * A ledger as a key sees it: what belongs to other clusters is not there (ADR 94). Sequences, and the time that the ledger
 * has reached, are those of the whole.
 */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { isAmendment } from "../../../projections/facts/effective-facts.ts";
import { everyCluster } from "../../../projections/facts/subject.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Access } from "../access.ts";
import { seesCluster, seesSystem } from "../access.ts";
import { replaced } from "./replaced.ts";
import { ScopedRecordings } from "./scoped-recordings.ts";
import { scopedStore } from "./scoped-store.ts";
import { clusterOf } from "./visible.ts";

/** What a key sees, whoever holds it: keys of the same scope share what is kept for them. */
type Scope = Pick<Access, "roles" | "clusters">;

/** A name that no cluster can have: asked for it, the ledger says what it says of a cluster that it does not know. */
const nowhere = (cluster: string) => ` ${cluster}`;

/** Only for reading, except where it is given what may be stated (`speaking-ledger.ts`). */
export function scopedLedger(ledger: Ledger, access: Scope): Ledger {
  const sees = (cluster: string) => seesCluster(access, cluster);
  const named = (cluster: string) => (cluster === "" || sees(cluster) ? cluster : nowhere(cluster));
  // Events of no cluster are those of the whole ledger.
  const seesFactsOf = (cluster: string) =>
    cluster === everyCluster ? seesSystem(access) : sees(cluster);
  const isSeen = (event: RawEvent): boolean => {
    const about = isAmendment(event) ? ledger.amendedAt(event.sequence) : event;
    return seesFactsOf(about === null ? everyCluster : (clusterOf(about.data) ?? everyCluster));
  };
  const eventsOf: Ledger["eventsOf"] = (types, after, upTo) =>
    ledger.eventsOf(types, after, upTo).filter(isSeen);
  const recordings = new ScopedRecordings({
    eventsOf,
    sequence: () => ledger.sequence(),
    minutes: () => ledger.minutes(),
  });
  return replaced(ledger, {
    store: scopedStore(ledger.store, access),
    view: (cluster, sequence) => ledger.view(named(cluster), sequence),
    answer: async (cluster, sequence, make) => await ledger.answer(named(cluster), sequence, make),
    answerInSteps: async (cluster, sequence, make) =>
      await ledger.answerInSteps(named(cluster), sequence, make),
    keptAnswer: async (cluster, sequence, what) =>
      await ledger.keptAnswer(named(cluster), sequence, what),
    changesOf: (cluster, after, upTo) => ledger.changesOf(named(cluster), after, upTo),
    clusters: (sequence) => ledger.clusters(sequence).filter(sees),
    eventsOf,
    movedBy: (sequence) => ledger.movedBy(sequence).filter(({ cluster }) => seesFactsOf(cluster)),
    recordings: async () => await recordings.now(),
  });
}
