/**
 * The simulator's own books: the figures of the SLA document, kept from the intervals that the
 * simulator made and from nothing else. They share no code with the folds and never look at the facts;
 * what they share with the document are the names (docs/measures.md).
 */
import { monthsOf, quartersOf } from "./arithmetic/calendar.ts";
import { figuresOf, openBook, type PeriodFigures } from "./cluster-book.ts";
import { coTestsOf } from "./co-tests.ts";
import { heldNodes, overdueNodes } from "./holds.ts";
import { impactsOf } from "./impact.ts";
import { type MaintenanceBook, maintenanceOf } from "./maintenance-commands.ts";
import { queueOf } from "./queue.ts";
import { answerOf, type ScalingBook, scalingOf } from "./scaling.ts";
import { type Violation, violationsOf } from "./violations.ts";
import type { ClusterTruth, History, Interval } from "../setting/history.ts";
import { dayMs } from "../setting/setting.ts";

interface ClusterBooks {
  readonly zone: string;
  readonly periods: Record<string, PeriodFigures>;
  /** In all the time. */
  readonly violations: readonly Violation[];
  /** At the end of each of the periods that is over. */
  readonly queues: readonly ReturnType<typeof queueOf>[];
  /** Which of those that wait then were tested together. */
  readonly coTests: readonly ReturnType<typeof coTestsOf>[];
  /** At the end of all the time, with windows of a week. */
  readonly impacts: ReturnType<typeof impactsOf>;
  /** Nodes that take no work then, and maintenance that should be over. */
  readonly holds: readonly HoldsBook[];
  /** What was decided about nodes in each of the periods. */
  readonly scaling: Record<string, ScalingBook>;
  readonly maintenance: Record<string, MaintenanceBook>;
  /** What customers were told, in the order of their requests. */
  readonly scaleAnswers: readonly ReturnType<typeof answerOf>[];
}

interface HoldsBook {
  readonly at: string;
  readonly held: ReturnType<typeof heldNodes>;
  readonly overdue: ReturnType<typeof overdueNodes>;
}

/** The books as they are written out. */
export interface Truth {
  readonly scenario: string;
  readonly seed: number;
  readonly days: number;
  readonly clusters: Record<string, ClusterBooks>;
}

/** Every calendar month and quarter that the simulation touches, in the policy's zone, and the whole of it. */
export function keepBooks(history: History): Truth {
  const clusters = history.clusters.map((truth) => {
    const book = openBook(history, truth);
    const whole = { from: history.from, to: history.to };
    const label = `${new Date(whole.from).toISOString()}/${new Date(whole.to).toISOString()}`;
    const windows = [
      ...monthsOf(truth.zone, whole),
      ...quartersOf(truth.zone, whole),
      { label, ...whole },
    ];
    const inEach = <T>(figures: (window: Interval) => T): Record<string, T> =>
      Object.fromEntries(
        windows.map(({ label: name, from, to }) => {
          return [name, figures({ from, to: Math.min(to, history.to) })] as const;
        }),
      );
    const ends = new Set(windows.map(({ to }) => Math.min(to, history.to)));
    const books: ClusterBooks = {
      zone: truth.zone,
      periods: inEach((window) => figuresOf(book, window)),
      violations: violationsOf(truth, whole),
      queues: [...ends].sort((a, b) => a - b).map((at) => queueOf(truth, at)),
      coTests: [...ends].sort((a, b) => a - b).map((at) => coTestsOf(truth, at)),
      impacts: impactsOf(truth, whole.to, 7 * dayMs),
      holds: [...ends].sort((a, b) => a - b).map((at) => holdsOf(history, truth, at)),
      scaling: inEach((window) => scalingOf(truth, window)),
      maintenance: inEach((window) => maintenanceOf(truth, window)),
      scaleAnswers: truth.scaleRequests.map(answerOf),
    };
    return [truth.cluster, books] as const;
  });
  const { scenario, seed, days } = history;
  return { scenario, seed, days, clusters: Object.fromEntries(clusters) };
}

function holdsOf({ amended }: History, truth: ClusterTruth, at: number): HoldsBook {
  return {
    at: new Date(at).toISOString(),
    held: heldNodes(truth, at, amended),
    overdue: overdueNodes(truth, at, amended),
  };
}
