/**
 * A dead monitor is not a dead node: a source that observes and sends nothing for too long makes the members of its
 * cluster unobserved from its last sign of life on, until the next one. The signs are kept beside the events, so that
 * they survive a restart and every instance on a store sees those of the others.
 */
import { membersAt } from "../../../projections/nodes/places.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { agentPageSize, silenceLookLeastMs, silenceLookMostMs } from "../../limits/sources.ts";
import type { Source } from "../config/sources-file.ts";
import { takeObservations } from "../intake/take-observations.ts";
import type { Observation } from "../reconcile/observation.ts";
import { sourceTag } from "../reconcile/names.ts";
import type { SourceLog } from "./source-log.ts";

interface SilenceOptions {
  readonly ledger: Ledger;
  readonly log: SourceLog;
  /** Whether this process states silence; for a ledger in a file it always does. */
  readonly isInCharge: () => boolean;
  /** Called once a silence is stated; if it rejects, the next look calls it again for the same silence. */
  readonly onSilent?: (silence: Silence) => Promise<void>;
  /** Called with an error; the next look tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** A source that has been silent for too long. Instants in milliseconds since the epoch. */
export interface Silence {
  readonly source: Source;
  /** Its last sign of life. */
  readonly since: number;
  /** When it had been silent for too long. */
  readonly at: number;
}

interface Watched {
  readonly source: Source;
  readonly silentAfterMs: number;
  lastSeenAt: number | null;
  /** What is kept of it beside the events. */
  keptAt: number | null;
  /** The sign of life since which its silence is stated; `null` if it is not. */
  silentSince: number | null;
}

/** What is known of a source's signs of life. */
export interface Signs {
  readonly lastSeenAt: number | null;
  readonly isSilent: boolean;
}

const series = "silence";
const seenMark = ({ name }: Source) => `source-seen-${name}`;
const silentMark = ({ name }: Source) => `source-silent-${name}`;

export class SilenceWatch {
  readonly #options: SilenceOptions;
  readonly #watched = new Map<string, Watched>();
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: SilenceOptions) {
    this.#options = options;
    for (const { source } of options.log.all()) {
      const silentAfterMs = (source.silentAfterSeconds ?? 0) * 1_000;
      const none = { lastSeenAt: null, keptAt: null, silentSince: null };
      if (source.observes) this.#watched.set(source.name, { source, silentAfterMs, ...none });
    }
    options.log.listen({ onSeen: ({ name }, at) => this.#see(name, at) });
  }

  of(name: string): Signs {
    const watched = this.#watched.get(name);
    const here = this.#options.log.of(name)?.lastSeenAt ?? null;
    if (watched === undefined) return { lastSeenAt: here, isSilent: false };
    return { lastSeenAt: watched.lastSeenAt ?? here, isSilent: watched.silentSince !== null };
  }

  /** Looks at once, then for as long as it is not stopped. */
  async start(): Promise<void> {
    this.#startedAt = this.#options.ledger.nowMs();
    if (this.#watched.size > 0) await this.look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Resolves when everything that is due by now is stated. */
  async look(): Promise<void> {
    while (this.#looking !== null) await this.#looking;
    if (this.#isStopped) return;
    this.#looking = this.#lookAll();
    try {
      await this.#looking;
    } finally {
      this.#looking = null;
    }
    this.#wake();
  }

  #see(name: string, at: number): void {
    const watched = this.#watched.get(name);
    if (watched === undefined) return;
    watched.lastSeenAt = Math.max(watched.lastSeenAt ?? -Infinity, at);
    // A sign after a silence is stated at once; others are kept from time to time.
    const isDue = watched.keptAt === null || at - watched.keptAt >= lookMs(watched);
    if (watched.silentSince !== null || isDue) void this.look();
  }

  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#isStopped || this.#watched.size === 0) return;
    const nextMs = Math.min(...[...this.#watched.values()].map(lookMs));
    this.#timer = setTimeout(() => void this.look(), nextMs).unref();
  }

  async #lookAll(): Promise<void> {
    for (const watched of this.#watched.values()) {
      try {
        await this.#lookAt(watched);
      } catch (error) {
        this.#options.onFailure(error);
      }
    }
  }

  async #lookAt(watched: Watched): Promise<void> {
    const { ledger, isInCharge } = this.#options;
    await this.#exchangeSigns(watched);
    if (!isInCharge() || watched.lastSeenAt === null) return;
    const { lastSeenAt, silentAfterMs, silentSince } = watched;
    if (silentSince !== null && lastSeenAt > silentSince) {
      const nodes = await unobservedSince(ledger, watched.source, silentSince);
      await this.#state(watched, nodes, silentSince, lastSeenAt);
      await this.#keepSilence(watched, null);
    }
    // While nobody served, nobody could hear it: a start gives it all of its time again.
    const quietSince = Math.max(lastSeenAt, this.#startedAt);
    if (watched.silentSince !== null || ledger.nowMs() - quietSince < silentAfterMs) return;
    const members = await membersOf(ledger, watched.source.cluster, lastSeenAt);
    await this.#state(watched, members, lastSeenAt, null);
    const { source } = watched;
    const at = quietSince + silentAfterMs;
    await this.#options.onSilent?.({ source, since: lastSeenAt, at });
    await this.#keepSilence(watched, lastSeenAt);
  }

  /** Keeps what this process has heard, and learns what others have. */
  async #exchangeSigns(watched: Watched): Promise<void> {
    const { store } = this.#options.ledger;
    const { source } = watched;
    watched.keptAt = readInstant(await store.mark(seenMark(source)));
    const heard = watched.lastSeenAt;
    if (heard !== null && (watched.keptAt === null || heard > watched.keptAt)) {
      await store.setMark(seenMark(source), String(heard));
      watched.keptAt = heard;
    }
    watched.lastSeenAt = watched.keptAt;
    watched.silentSince = readInstant(await store.mark(silentMark(source)));
  }

  async #keepSilence(watched: Watched, since: number | null): Promise<void> {
    const { store } = this.#options.ledger;
    await store.setMark(silentMark(watched.source), since === null ? "" : String(since));
    watched.silentSince = since;
  }

  /** States that the nodes were unobserved since an instant, and, once it is known, until when. */
  async #state(
    { source }: Watched,
    nodes: readonly string[],
    from: number,
    to: number | null,
  ): Promise<void> {
    const { cluster } = source;
    const says = { category: "unknown" } as const;
    const common = { is: "started", kind: "observation", path: "", cluster, series } as const;
    const observations = nodes.map((node): Observation => ({
      ...common,
      node,
      weight: 1,
      from,
      to,
      says,
    }));
    await takeObservations(this.#options.ledger, source, observations, "fleetledger");
  }
}

async function membersOf(ledger: Ledger, cluster: string, at: number): Promise<readonly string[]> {
  const find = (view: Parameters<Parameters<Ledger["answer"]>[2]>[0]) =>
    membersAt(view.within({ from: at, to: at + 1 }).entities("node"), at);
  const members = await ledger.answer(cluster, ledger.sequence(), find);
  return [...members.nodes];
}

/** The nodes that a source has made unobserved from an instant on, members or not by now. */
async function unobservedSince(
  { store }: Pick<Ledger, "store">,
  source: Source,
  since: number,
): Promise<readonly string[]> {
  const nodes = new Set<string>();
  const filter = { type: "NodeObservationLost", cluster: source.cluster, from: since } as const;
  for (let after = 0, isMore = true; isMore;) {
    const limit = agentPageSize;
    const events = await store.query({ ...filter, to: since + 1, after, limit });
    for (const { data, attribution } of events)
      if (attribution.source === sourceTag(source) && "node" in data) nodes.add(data.node);
    isMore = events.length === limit;
    after = events.at(-1)?.sequence ?? after;
  }
  return [...nodes];
}

function readInstant(text: string | null): number | null {
  return text === null || text === "" ? null : Number(text);
}

function lookMs({ silentAfterMs }: Watched): number {
  return Math.min(Math.max(silentAfterMs / 10, silenceLookLeastMs), silenceLookMostMs);
}
