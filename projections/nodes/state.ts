/** The state of one node while its facts apply. */
import type { EarlierFacts } from "../facts/entity-kind.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding, FindingKind } from "../facts/finding.ts";
import type {
  Announcement,
  CountedFault,
  MaintenanceInterval,
  Membership,
  UnknownInterval,
} from "./timeline.ts";

/** A membership with the facts that began and ended it. */
export interface MembershipDraft {
  readonly span: { -readonly [K in keyof Membership]: Membership[K] };
  readonly facts: Fact[];
}

/** The instant and membership where an episode begins to count: the first membership that it touches. */
export interface Counting {
  readonly from: number;
  readonly membership: MembershipDraft;
}

/** A fault or a maintenance that has not ended, or was censored and has not been ended yet. */
export interface Episode<Start extends Fact> {
  readonly start: Start;
  /** `null` while the node is not a member. */
  counting: Counting | null;
  /** Whether a decommissioning ended it; its own end then changes nothing. */
  isCensored: boolean;
}

export interface OpenFault extends Episode<FactOf<"NodeFailed">> {
  readonly repairs: FactOf<"NodeRepairStarted">[];
}

export type OpenMaintenance = Episode<FactOf<"NodeMaintenanceStarted">>;

/** Lost observation, whether or not the node was a member when it was lost. */
export interface Loss {
  readonly start: FactOf<"NodeObservationLost">;
  counting: Counting | null;
}

/** A return that may still end a fault that fails a little later. */
export interface RecentReturn {
  readonly fact: FactOf<"NodeReturned">;
  hasEnded: boolean;
  isEarly: boolean;
}

/** What has ended. Lists are only appended to; `timeline` sorts where needed. */
interface EndedEpisodes {
  readonly memberships: Membership[];
  readonly faults: CountedFault[];
  readonly maintenance: Omit<MaintenanceInterval, "announcements">[];
  readonly unknown: UnknownInterval[];
  readonly findings: Finding[];
}

export interface NodeFold {
  readonly node: string;
  /** The facts before a resumed state; `null` for a state that was folded from the first fact. */
  earlier: EarlierFacts | null;
  /** The membership that has not ended. */
  membership: MembershipDraft | null;
  loss: Loss | null;
  /** Losses without duration, until it is known whether the node is a member after that instant. */
  readonly momentaryLosses: Omit<UnknownInterval, "node">[];
  readonly openFaults: Map<string, OpenFault>;
  /** Ended faults of an outage that other faults still keep open, each with the fact that ended it. */
  readonly outage: { readonly fault: OpenFault; readonly end: Fact | null }[];
  readonly usedFaultIds: Set<string>;
  /** Repairs whose fault has not been reported yet. */
  readonly earlyRepairs: Map<string, FactOf<"NodeRepairStarted">[]>;
  /** Returns within `returnToleranceMs`. */
  recentReturns: RecentReturn[];
  readonly openMaintenance: Map<string, OpenMaintenance>;
  readonly usedMaintenanceIds: Set<string>;
  readonly announcements: Map<string, Announcement[]>;
  /** The instant of the latest fact. */
  instant: number;
  readonly ended: EndedEpisodes;
}

export function initialNode(node: string): NodeFold {
  return {
    node,
    earlier: null,
    membership: null,
    loss: null,
    momentaryLosses: [],
    openFaults: new Map(),
    outage: [],
    usedFaultIds: new Set(),
    earlyRepairs: new Map(),
    recentReturns: [],
    openMaintenance: new Map(),
    usedMaintenanceIds: new Set(),
    announcements: new Map(),
    instant: -Infinity,
    ended: { memberships: [], faults: [], maintenance: [], unknown: [], findings: [] },
  };
}

export function report(state: NodeFold, kind: FindingKind, fact: Fact): void {
  state.ended.findings.push({ kind, at: fact.occurredAt, factId: fact.id });
}

/** Where an episode that begins now starts to count: now, if the node is a member; otherwise `null`. */
export function countingFrom(state: NodeFold, at: number): Counting | null {
  return state.membership === null ? null : { from: at, membership: state.membership };
}
