/** Observations: what a source tells of a node, before it is settled with what it told earlier. */
import { createHash } from "node:crypto";
import type { Says } from "../config/rule.ts";

/** What an observation is of: faults and maintenance of one series are apart. */
export type Kind = "fault" | "maintenance" | "observation";

export const kinds = ["fault", "maintenance", "observation"] as const;

interface Observed {
  /** Where it stands in the payload: a JSON pointer. */
  readonly path: string;
  readonly cluster: string;
  readonly node: string;
  readonly correlationId?: string;
  /** How many observations, or rows of a file, it stands for in the answer. */
  readonly weight: number;
}

/** A start, alone or with its end. */
export interface Started extends Observed {
  readonly is: "started";
  readonly kind: Kind;
  readonly series: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** `null`: it lasts. */
  readonly to: number | null;
  readonly says: Says;
  /** The file also has what came next, so that an end told earlier may have been too late. */
  readonly isFinal?: boolean;
  /** The series has this one start and no other: what else was told of it does not hold. */
  readonly isWhole?: boolean;
  /** It is no news while the series lasts: its instant is only that at which it was received. */
  readonly onlyIfOver?: boolean;
}

/** An end without its start: of one series, or of all that begin with the text and an entity. */
export interface BareEnd extends Observed {
  readonly is: "ended";
  readonly series: string;
  readonly ofEveryEntity: boolean;
  readonly kinds: readonly Kind[];
  readonly at: number;
  /** It is told as long as nothing is wrong: where it ends nothing, it is not counted. */
  readonly quiet: boolean;
}

/** A start that turned out to be something else: a row that is now of another kind. */
export interface Withdrawn extends Observed {
  readonly is: "withdrawn";
  readonly kinds: readonly Kind[];
  readonly series: string;
  /** `null`: every start of the series. */
  readonly from: number | null;
}

export type Observation = Started | BareEnd | Withdrawn;

const longestSeries = 160;

/** The series as ids name it: a long one by its hash. */
export function seriesName(series: string): string {
  return series.length > longestSeries ? sha256(series).slice(0, 32) : series;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
