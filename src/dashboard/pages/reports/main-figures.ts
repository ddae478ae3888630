/** The figures that a report is read for first, with their places in the document. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import { percentTarget } from "../../../reports/html/format.ts";
import { whole } from "../../frame/figures.ts";
import { durationText } from "../../frame/times.ts";

type Kind = "ratio" | "duration" | "count" | "rate";

export interface MainFigure {
  readonly title: string;
  readonly path: string;
  readonly kind: Kind;
  readonly of: (document: SlaDocument) => number | null;
  readonly met?: (document: SlaDocument) => boolean | null;
  readonly target?: (document: SlaDocument) => string;
}

export const mainFigures: readonly MainFigure[] = [
  {
    title: "Nodes in service, contractual",
    path: "nis.contractual",
    kind: "ratio",
    of: ({ nis }) => nis.contractual,
    met: ({ nis }) => nis.met,
    target: ({ nis }) => `at least ${percentTarget(nis.target)}`,
  },
  {
    title: "Nodes in service, raw",
    path: "nis.raw",
    kind: "ratio",
    of: ({ nis }) => nis.raw,
  },
  {
    title: "Mean time to repair",
    path: "mttr.meanMs",
    kind: "duration",
    of: ({ mttr }) => mttr.meanMs,
    met: ({ mttr }) => mttr.met,
    target: ({ mttr }) => `at most ${durationText(mttr.targetMs)}`,
  },
  {
    title: "With open faults",
    path: "mttr.restrictedMeanMs",
    kind: "duration",
    of: ({ mttr }) => mttr.restrictedMeanMs,
  },
  {
    title: "Job uptime, contractual",
    path: "jobUptime.contractual",
    kind: "ratio",
    of: ({ jobUptime }) => jobUptime.contractual,
    met: ({ jobUptime }) => jobUptime.met,
    target: ({ jobUptime }) => `at least ${percentTarget(jobUptime.target)}`,
  },
  {
    title: "Effective training time",
    path: "jobUptime.ettr",
    kind: "ratio",
    of: ({ jobUptime }) => jobUptime.ettr,
  },
  {
    title: "Crashes",
    path: "jobUptime.crashes",
    kind: "count",
    of: ({ jobUptime }) => jobUptime.crashes,
  },
  {
    title: "Crashes a day",
    path: "jobUptime.crashesPerDay",
    kind: "rate",
    of: ({ jobUptime }) => jobUptime.crashesPerDay,
  },
];

export function mainText({ kind }: MainFigure, value: number | null): string {
  if (value === null) return "no data";
  return {
    ratio: () => `${(value * 100).toFixed(3)} %`,
    duration: () => durationText(value),
    count: () => whole(value),
    rate: () => value.toFixed(2),
  }[kind]();
}

/** How far a figure is from an earlier one; `null` where one of them is missing. */
export function changeText(
  { kind }: MainFigure,
  before: number | null,
  after: number | null,
): string | null {
  if (before === null || after === null) return before === after ? "no change" : null;
  const change = after - before;
  if (change === 0) return "no change";
  const sign = change < 0 ? "−" : "+";
  const size = Math.abs(change);
  return {
    ratio: () => `${sign}${points(size)} pt`,
    duration: () => `${sign}${durationText(size)}`,
    count: () => `${sign}${whole(size)}`,
    rate: () => `${sign}${Number(size.toPrecision(3))}`,
  }[kind]();
}

/** Percentage points, with as many digits as show that there is a difference. */
function points(size: number): string {
  const text = (size * 100).toFixed(3);
  return Number(text) === 0 ? Number((size * 100).toPrecision(2)).toString() : text;
}
