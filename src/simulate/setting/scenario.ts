/** What a scenario says: the figures that a simulation is drawn from. Shares and chances are from 0 to 1; rates are per day. */

export interface ClusterPlan {
  readonly cluster: string;
  readonly nodes: number;
  readonly nodesPerRack: number;
  readonly zone: string;
  readonly region: string;
  /** Crashes of the main job that no fault explains. */
  readonly softwareCrashesPerDay: number;
  /**
   * Whether deploy systems ask the ledger and its timers look after rollouts; where not, everything was only reported,
   * as in a history that was brought in from elsewhere.
   */
  readonly asksLedger: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly purpose: string;
  readonly clusters: readonly ClusterPlan[];
  /** Every instant is a multiple of it from the start: a coarse one makes things coincide. */
  readonly tickMs: number;
  readonly fleet: {
    /** Nodes that join after the start, that leave, and of those the ones that come back. */
    readonly lateShare: number;
    readonly leaveShare: number;
    readonly comeBackShare: number;
  };
  readonly policy: {
    readonly noticeHours: number;
    readonly monthlyAllowanceNodeHours: number;
    readonly excludeUnknown: boolean;
    readonly excludeDownInMaintenance: boolean;
    /** Changes of the policy over the whole time, in each cluster. */
    readonly changes: number;
    /** Whether a change may also move the targets; where not, they stay those of the contract. */
    readonly changeTargets: boolean;
  };
  readonly faults: {
    readonly perNodeDay: number;
    readonly lemonShare: number;
    readonly lemonFactor: number;
    readonly automaticShare: number;
    readonly automaticMeanMs: number;
    readonly manualMeanMs: number;
    readonly rackOutagesPerDay: number;
    readonly rackOutageMeanMs: number;
    /** Faults whose return is reported with a time up to five minutes before the failure. */
    readonly earlyReturnShare: number;
    /** Faults that end with the next one on their node, in one return. */
    readonly sharedReturnShare: number;
  };
  readonly maintenance: {
    readonly batchesPerDay: number;
    readonly batchNodes: number;
    readonly meanMs: number;
    readonly lateShare: number;
    readonly missingShare: number;
    readonly movedShare: number;
    /** Nodes that a monitor calls failed for a while, since their maintenance reboots them. */
    readonly rebootShare: number;
    /** Batches that are not done where a no-fly zone is in force; the others are done all the same. */
    readonly heedingShare: number;
    /** Further batches, where the ledger is asked: announced, started and ended by command. */
    readonly commandedPerDay: number;
  };
  readonly observation: { readonly lossesPerNodeDay: number; readonly meanMs: number };
  readonly nfz: {
    /** Those that a calendar reports, in each cluster. */
    readonly perDay: number;
    readonly meanMs: number;
    /** Those that are declared to the ledger, over one or several clusters. */
    readonly declaredPerDay: number;
    /** Those that recur. */
    readonly recurringShare: number;
    /** Whether more, over everything that asks the ledger, are in force at the end of each month and of all. */
    readonly hasFreezes: boolean;
  };
  readonly rollouts: {
    readonly perDay: number;
    /** More, in the last days before the present, where the ledger is asked: what waits for the end of a freeze. */
    readonly rushPerDay: number;
    readonly impactfulShare: number;
    /** Of those called impactless, the ones that are not. */
    readonly falselyImpactlessShare: number;
    /** Nodes that break after an update that had piled up. */
    readonly breakageShare: number;
    /** Of those that nobody asks the ledger about: released late, or never. */
    readonly lostWakeUpShare: number;
    /** Deploy systems that ask, where the ledger is asked; the others only report what they do. */
    readonly askingShare: number;
    /** Of those that only report: the ones that start without a look at no-fly zones. */
    readonly carelessShare: number;
    /** Deploy systems that go on for a step although they were told to stop. */
    readonly disobedientShare: number;
  };
  /** Tests of updates together, by a bench in each cluster. */
  readonly coTests: {
    readonly perDay: number;
    readonly passShare: number;
    /** Tests of a set that was tested not long ago. */
    readonly againShare: number;
    /** Of the others: those of updates of no rollout, and those with another version of an update. */
    readonly strangerShare: number;
    readonly olderShare: number;
    /** Tests that count in all clusters. */
    readonly everywhereShare: number;
    /** Where tests are made, as often as each is named; the unnamed one is empty. */
    readonly environments: readonly string[];
    /** What the rollout policy says, where the ledger is asked: which of these count (the unnamed one cannot be named), and for how long. `null`: nothing. */
    readonly counted: readonly string[] | null;
    readonly validDays: number | null;
  };
  /** Requests of customers to scale onto nodes, in each cluster that asks the ledger. */
  readonly scaling: {
    readonly perDay: number;
    /** Nodes of one request, unless it is for a rack. */
    readonly most: number;
    /** Requests for nodes of a rack of which some take no work just then. */
    readonly unluckyShare: number;
  };
  /** Times in which nobody drives the ledger's timers. */
  readonly timers: { readonly outagesPerDay: number; readonly meanMs: number };
  readonly jobs: {
    readonly mainDays: number;
    readonly checkpointEveryMs: number;
    readonly checkpointMs: number;
    readonly crashMinMs: number;
    readonly crashMaxMs: number;
    readonly userStopsPerDay: number;
    readonly pausesPerDay: number;
    readonly pauseMeanMs: number;
    /** Interruptions that the scheduler reports as a failed finish and a new start. */
    readonly requeueShare: number;
    readonly olderCheckpointShare: number;
    readonly fromStartShare: number;
    /** Nodes set aside for small jobs, and how many of those begin. */
    readonly smallJobNodes: number;
    readonly smallJobsPerDay: number;
    readonly smallJobMeanMs: number;
    readonly smallJobCrashesPerDay: number;
  };
  readonly reporting: {
    readonly meanDelayMs: number;
    readonly lateShare: number;
    readonly lateMeanMs: number;
    readonly duplicateShare: number;
    /** Facts that are stated once more under another id, and change nothing. */
    readonly echoShare: number;
  };
  readonly corrections: {
    /** Facts that were first stated wrong. */
    readonly wrongShare: number;
    /** Facts that somebody "corrected" or retracted by mistake, and took back. */
    readonly mistakenShare: number;
    /** Facts that never happened and were retracted. */
    readonly inventedShare: number;
  };
}
