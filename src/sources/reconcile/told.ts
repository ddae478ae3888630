/**
 * What a source has told of a node, read back from the events of the node's stream alone: the claims that their
 * `causationId` names, and the faults, maintenance and lost observations as they stand.
 */
import type { StoredEvent } from "../../events/envelope.ts";
import type { Source } from "../config/sources-file.ts";
import type { Says } from "../config/rule.ts";
import { type Claim, type Claims, noClaims, outagesOf } from "./claims.ts";
import { eventIdOf, kindOfType } from "./kind-types.ts";
import type { Place } from "./kind-types.ts";
import { claimName, readClaimName, readExportName, sourceTag } from "./names.ts";
import type { Kind } from "./observation.ts";
import { Stated } from "./stated.ts";

/** One series of one kind. */
export interface Series {
  readonly kind: Kind;
  readonly series: string;
  readonly claims: Claims;
  /** In the order in which they were recorded. */
  readonly starts: Stated[];
  readonly ends: Stated[];
  /** Starts that turned out to be something else, with what had been told of them. */
  readonly withdrawn: Map<number, Claim>;
}

type Amendment = StoredEvent & { readonly data: { readonly eventId: string } };

/** The reason with which an end is taken back: it tells that from the retraction of a part, and must stay as it is. */
export const lastsAgain = "it lasts again";

export class Told {
  readonly place: Place;
  /** Whether files are told, of which the latest counts; else messages, of which each does. */
  readonly byFile: boolean;
  /** Whether each series is one row of a file, of which the latest file says all. */
  readonly byRow: boolean;
  readonly #tag: string;
  readonly #series = new Map<string, Series>();
  /** By the id of the event, and of each correction and retraction of it at any depth. */
  readonly #stated = new Map<string, { readonly series: Series; readonly stated: Stated }>();
  /** How many corrections and retractions name an event. */
  readonly #touched = new Map<string, number>();

  constructor(source: Pick<Source, "kind" | "name">, cluster: string, node: string) {
    this.place = { source: source.name, cluster, node };
    this.byRow = source.kind === "csv";
    this.byFile = this.byRow || source.kind === "slurm-events";
    this.#tag = sourceTag(source);
  }

  /** All series, in the order in which they were first told. */
  all(): Series[] {
    return [...this.#series.values()];
  }

  of(kind: Kind, series: string): Series {
    const key = `${kind}:${series}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const claims = noClaims();
    const made = { kind, series, claims, starts: [], ends: [], withdrawn: new Map() };
    this.#series.set(key, made);
    return made;
  }

  /** Starts that a person has struck: what is told of them again is no news. */
  struckOf({ starts }: Series): Set<number> {
    return new Set(starts.filter((each) => each.isStruck).flatMap(({ struck }) => struck));
  }

  /** The claims without those that a person has struck. */
  standingClaims(series: Series): Claims {
    const struck = this.struckOf(series);
    if (struck.size === 0) return series.claims;
    const { byStart, bareEnds } = series.claims;
    return { byStart: new Map([...byStart].filter(([start]) => !struck.has(start))), bareEnds };
  }

  /** How many corrections and retractions name the event. */
  touchesOf(id: string): number {
    return this.#touched.get(id) ?? 0;
  }

  /** Takes the next event of the node's stream. */
  take(event: StoredEvent): void {
    if (event.type === "FactCorrected" || event.type === "FactRetracted") {
      this.#amend(event as Amendment);
      return;
    }
    if (event.attribution.source !== this.#tag) return;
    const what = kindOfType(event.type);
    const told = readClaimName(this.place.source, event.attribution.causationId);
    if (what === null || told === null) return;
    const series = this.of(what.kind, told.series);
    const stated = new Stated(event, this.#nameOf(event, series));
    this.#stated.set(event.id, { series, stated });
    if (what.side === "start") {
      series.starts.push(stated);
      this.#tellStart(series, told.start, event, event.data);
    } else {
      series.ends.push(stated);
      this.#tellEnd(series, stated, told.start, event.occurredAt, event);
    }
  }

  #amend(event: Amendment): void {
    const target = event.data.eventId.toLowerCase();
    this.#touched.set(target, this.touchesOf(target) + 1);
    const found = this.#stated.get(target);
    if (found === undefined) return;
    this.#stated.set(event.id, found);
    const { series, stated } = found;
    const isOwn = event.attribution.source === this.#tag;
    const isDirect = target === stated.event.id;
    if (!isOwn && isDirect && event.type === "FactRetracted")
      stated.struck = this.#outageAround(series, stated);
    stated.amend(event, isOwn);
    const told = readClaimName(this.place.source, event.attribution.causationId);
    if (!isOwn || told === null) return;
    const isStart = series.starts.includes(stated);
    if (event.type === "FactRetracted") {
      if (isStart && told.start !== null && event.attribution.causationId === stated.of)
        this.#turn(series, told.start, isDirect, event);
      const isItsEnd = told.start === stated.toldBy || event.attribution.reason === lastsAgain;
      if (!isStart && isDirect && told.start !== null && isItsEnd)
        this.#takeBack(series, told.start, event);
      return;
    }
    const { occurredAt, data } = event.data as { occurredAt?: string; data?: object };
    if (isStart) this.#tellStart(series, told.start, event, data ?? stated.data);
    else if (occurredAt !== undefined)
      this.#tellEnd(series, stated, told.start, Date.parse(occurredAt), event);
  }

  /** A fault's or maintenance's id; for observations, which have none, that of the start with which its id was made. */
  #nameOf(event: StoredEvent, series: Series): string {
    const { maintenanceId, faultId, faultIds } = event.data as {
      readonly maintenanceId?: string;
      readonly faultId?: string;
      readonly faultIds?: readonly string[];
    };
    const said = maintenanceId ?? faultId ?? faultIds?.[0];
    if (said !== undefined) return said;
    const { type, occurredAt, attribution } = event;
    if (type === "NodeObservationLost") return attribution.causationId ?? "";
    const starts = [...series.claims.byStart.keys()].map((start) =>
      claimName(this.place.source, series.series, start),
    );
    return starts.find((of) => eventIdOf(this.place, type, of, occurredAt) === event.id) ?? "";
  }

  #tellStart(series: Series, start: number | null, event: StoredEvent, data: object): void {
    if (start === null) return;
    const said = data as Says & Record<string, unknown>;
    const says: Says = {
      category: said.category ?? "unknown",
      ...(said.component === undefined ? {} : { component: said.component }),
      ...(said.codes === undefined ? {} : { codes: said.codes }),
    };
    // What is told of a start that was withdrawn is told because it holds again.
    if (series.withdrawn.has(start)) this.#turn(series, start, false, event);
    const claim = series.claims.byStart.get(start);
    if (claim !== undefined) {
      if (said.category !== undefined && (this.byRow || claim.says.category === "unknown"))
        claim.says = says;
      return;
    }
    const toldIn = readExportName(event.attribution.correlationId);
    series.claims.byStart.set(start, { start, end: null, says, toldIn, endToldIn: null });
  }

  #tellEnd(
    series: Series,
    stated: Stated,
    start: number | null,
    end: number,
    event: StoredEvent,
  ): void {
    stated.toldBy = start;
    if (start === null) {
      series.claims.bareEnds.add(end);
      return;
    }
    this.#tellStart(series, start, event, {});
    const claim = series.claims.byStart.get(start);
    if (claim === undefined) return;
    if (!this.byFile && claim.end !== null && end <= claim.end) return;
    claim.end = end;
    claim.endToldIn = readExportName(event.attribution.correlationId);
  }

  /** A later file than the one that told the end says that it lasts again; any other retraction is of a part of an outage. */
  #takeBack({ claims }: Series, start: number, event: StoredEvent): void {
    const claim = claims.byStart.get(start);
    const toldIn = readExportName(event.attribution.correlationId);
    if (!this.byFile || claim === undefined || toldIn === null) return;
    if (claim.endToldIn !== null && toldIn <= claim.endToldIn) return;
    claim.end = null;
    claim.toldIn = toldIn;
  }

  /** A start is withdrawn, or told again after that. */
  #turn(
    { claims, withdrawn }: Series,
    start: number,
    isWithdrawn: boolean,
    event: StoredEvent,
  ): void {
    const [from, to] = isWithdrawn ? [claims.byStart, withdrawn] : [withdrawn, claims.byStart];
    const claim = from.get(start);
    if (claim === undefined) return;
    from.delete(start);
    to.set(start, claim);
    claim.toldIn = readExportName(event.attribution.correlationId);
  }

  /** The starts of the outage that a fault stands for, as it is now. */
  #outageAround(series: Series, stated: Stated): number[] {
    const start = readClaimName(this.place.source, stated.of)?.start ?? null;
    if (start === null) return [];
    const outages = outagesOf(this.standingClaims(series), this.byFile);
    const around = outages.find(({ claims }) => claims.some((claim) => claim.start === start));
    return around?.claims.map((claim) => claim.start) ?? [start];
  }
}
