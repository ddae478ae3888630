/** Sizes of a read model. No figure depends on them; what is left out is as in limits/read-model.ts. */
import { leastSharedFacts, maxGatheredFacts, maxSharedIdBytes } from "../../limits/read-model.ts";
import type { GatheringSizes } from "../integers/gathered-nodes.ts";
import { SumThread } from "../integers/sum-thread.ts";

export interface ModelSizes {
  /** How many facts lie between two kept states of an entity. */
  readonly factsPerState?: number;
  /** Bytes of kept timelines of windows. */
  readonly maxKeptTimelineBytes?: number;
  /** Bytes of kept timelines that hold only as of earlier positions. */
  readonly maxKeptPastTimelineBytes?: number;
  /** Bytes of answers that are kept for other positions. */
  readonly maxKeptAnswerBytes?: number;
  /** Bytes of cached parts of files. */
  readonly maxKeptPartBytes?: number;
  /** Events per segment. */
  readonly segmentEvents?: number;
  /** Facts of nodes that are gathered as integers at once. */
  readonly maxGatheredFacts?: number;
  /** Of fewer facts than that, no sums are given to another thread. */
  readonly leastSharedFacts?: number;
  /** Bytes of ids that an answer shares with another thread. */
  readonly maxSharedIdBytes?: number;
  /** The other thread. Default: one of its own. */
  readonly sumThread?: SumThread;
}

export function gatheringOf(sizes: ModelSizes): GatheringSizes {
  return {
    most: sizes.maxGatheredFacts ?? maxGatheredFacts,
    leastShared: sizes.leastSharedFacts ?? leastSharedFacts,
    maxSharedIdBytes: sizes.maxSharedIdBytes ?? maxSharedIdBytes,
    thread: sizes.sumThread ?? new SumThread(),
  };
}
