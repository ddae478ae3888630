/** No-fly zones as known at any instant, for callers that ask about very many instants. */
import { type Interval, clip, firstEndingAfter, unionSorted } from "../arithmetic/intervals.ts";
import { type InForce, type KnownNfz, knownNfz } from "./in-force.ts";
import { noStatus, statusAfter } from "./status.ts";
import type { NfzTimeline } from "./timeline.ts";

/** What is known of an NFZ from an instant on. */
interface Version {
  readonly since: number;
  readonly known: KnownNfz;
  readonly stretches: readonly Interval[];
}

export class NfzsOverTime {
  /** By name; the versions of each by time. */
  readonly #versions: readonly (readonly Version[])[];

  /** `timelines` must be ordered by name. */
  constructor(timelines: Iterable<NfzTimeline>) {
    this.#versions = Array.from(timelines, versionsOf);
  }

  /** The NFZs in force at an instant according to the facts up to it, by name. */
  inForceAt(at: number): InForce[] {
    return this.#versions.flatMap((versions) => {
      const version = versions.findLast(({ since }) => since <= at);
      if (version === undefined) return [];
      const stretch = version.stretches[firstEndingAfter(version.stretches, at)];
      return stretch !== undefined && stretch.from <= at
        ? [{ known: version.known, ...stretch }]
        : [];
    });
  }

  /** The next fact about any of them; Infinity if there is none. */
  nextFactAfter(at: number): number {
    let next = Infinity;
    for (const versions of this.#versions)
      for (const { since } of versions) if (since > at) next = Math.min(next, since);
    return next;
  }
}

/** When an NFZ was in force, at each instant by the facts up to it: what is changed later changes nothing before. */
export function intervalsInForce(timeline: NfzTimeline): Interval[] {
  const versions = versionsOf(timeline);
  const intervals = versions.flatMap(({ since, stretches }, i) =>
    clip(stretches, since, versions[i + 1]?.since ?? Infinity),
  );
  return unionSorted(intervals);
}

function versionsOf({ nfz, applied }: NfzTimeline): Version[] {
  const versions: Version[] = [];
  let status = noStatus;
  for (const fact of applied) {
    status = statusAfter(status, fact);
    const known = knownNfz(nfz, status);
    if (known === null) continue;
    versions.push({ since: fact.occurredAt, known, stretches: unionSorted(known.occurrences) });
  }
  return versions;
}
