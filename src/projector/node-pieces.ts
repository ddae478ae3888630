/** A node's timeline put together from timelines of parts of its facts, between which nothing was open. */
import type { Finding } from "../../projections/finding.ts";
import type {
  Announcement,
  CountedFault,
  MaintenanceStretch,
  Membership,
  NodeTimeline,
  StateSegment,
  UnknownStretch,
} from "../../projections/node-timeline.ts";

/** How far a timeline had come before a part was added. */
export interface PieceMark {
  readonly memberships: number;
  readonly faults: number;
  readonly maintenance: number;
  readonly unknown: number;
  readonly announcements: number;
  readonly segments: number;
  readonly findings: number;
  /** As they stood then: what came later may have ended them. */
  readonly lastMembership: Membership | undefined;
  readonly lastSegment: StateSegment | undefined;
}

export class NodePieces {
  readonly #node: string;
  #memberships: Membership[] = [];
  #faults: CountedFault[] = [];
  #maintenance: MaintenanceStretch[] = [];
  #unknown: UnknownStretch[] = [];
  /** In the order of the parts, which is not always that of their recording. */
  #announcements: Announcement[] = [];
  #segments: StateSegment[] = [];
  #findings: Finding[] = [];

  /** Begins with a first part, if it is given. */
  constructor(node: string, first?: NodeTimeline) {
    this.#node = node;
    if (first !== undefined) this.add(first, false);
  }

  /** What this had come to at a mark, to go on from there; it is not changed by that. */
  upTo(mark: PieceMark): NodePieces {
    const part = new NodePieces(this.#node);
    part.#memberships = this.#memberships.slice(0, mark.memberships);
    part.#faults = this.#faults.slice(0, mark.faults);
    part.#maintenance = this.#maintenance.slice(0, mark.maintenance);
    part.#unknown = this.#unknown.slice(0, mark.unknown);
    part.#announcements = this.#announcements.slice(0, mark.announcements);
    part.#segments = this.#segments.slice(0, mark.segments);
    part.#findings = this.#findings.slice(0, mark.findings);
    if (mark.lastMembership !== undefined) replaceLast(part.#memberships, mark.lastMembership);
    if (mark.lastSegment !== undefined) replaceLast(part.#segments, mark.lastSegment);
    return part;
  }

  mark(): PieceMark {
    return {
      memberships: this.#memberships.length,
      faults: this.#faults.length,
      maintenance: this.#maintenance.length,
      unknown: this.#unknown.length,
      announcements: this.#announcements.length,
      segments: this.#segments.length,
      findings: this.#findings.length,
      lastMembership: this.#memberships.at(-1),
      lastSegment: this.#segments.at(-1),
    };
  }

  /**
   * Adds the timeline of the next part, all of whose facts happened after those of the parts before.
   * `continues`: its first membership is the last one so far, told again.
   */
  add(piece: NodeTimeline, continues: boolean): void {
    if (continues) this.#goOn(piece);
    else this.#addAll(piece, 0);
    for (const each of piece.faults) this.#faults.push(each);
    for (const each of piece.maintenance) this.#maintenance.push(each);
    for (const each of piece.unknown) this.#unknown.push(each);
    for (const each of piece.announcements) this.#announcements.push(each);
    for (const each of piece.findings) this.#findings.push(each);
  }

  timeline(): NodeTimeline {
    return {
      node: this.#node,
      memberships: this.#memberships,
      faults: this.#faults,
      maintenance: this.#maintenance,
      unknown: this.#unknown,
      announcements: inOrderOfRecording(this.#announcements),
      segments: this.#segments,
      findings: this.#findings,
    };
  }

  /** Both parts have the node in service where they meet, in a segment that the first one leaves open. */
  #goOn(piece: NodeTimeline): void {
    const [membership] = piece.memberships;
    if (membership !== undefined) replaceLast(this.#memberships, membership);
    const [segment] = piece.segments;
    const open = this.#segments.at(-1);
    if (segment !== undefined && open !== undefined) {
      replaceLast(this.#segments, { from: open.from, to: segment.to, state: open.state });
    }
    this.#addAll(piece, 1);
  }

  #addAll(piece: NodeTimeline, begin: number): void {
    for (let i = begin; i < piece.memberships.length; i++) {
      const each = piece.memberships[i];
      if (each !== undefined) this.#memberships.push(each);
    }
    for (let i = begin; i < piece.segments.length; i++) {
      const each = piece.segments[i];
      if (each !== undefined) this.#segments.push(each);
    }
  }
}

function replaceLast<T>(list: T[], item: T): void {
  if (list.length > 0) list[list.length - 1] = item;
}

function inOrderOfRecording(announcements: Announcement[]): Announcement[] {
  for (let i = 1; i < announcements.length; i++) {
    const [a, b] = [announcements[i - 1], announcements[i]];
    if (a !== undefined && b !== undefined && compareRecording(a, b) > 0) {
      return announcements.toSorted(compareRecording);
    }
  }
  return announcements;
}

function compareRecording(a: Announcement, b: Announcement): number {
  return a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
