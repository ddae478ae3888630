/** Whether the ledger's seals have fallen behind. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { idleSealIntervalMs } from "../../limits/seals.ts";
import { sealPatienceMs } from "../../limits/sinks.ts";
import type { SealerStatus } from "../../seals/sealer.ts";
import type { Notice } from "./notice.ts";

/** Why seals are behind; `null` if they are not. An idle ledger, too, is sealed every hour. */
export function sealTrouble(sealing: SealerStatus | null, nowMs: number): string | null {
  if (sealing === null) return null;
  const { isBehind, lastError, sealedAtMs, corruption } = sealing;
  if (corruption !== null) return `the ledger is not sealed any more: ${corruption}`;
  if (isBehind && lastError !== null) return `the witness lacks the last checkpoint: ${lastError}`;
  if (sealedAtMs !== null && nowMs - sealedAtMs > 2 * idleSealIntervalMs)
    return `the ledger was last sealed at ${formatInstant(sealedAtMs)}`;
  return null;
}

/** Tells of seals that stay behind, once a day. */
export class SealNotices {
  #since: number | null = null;

  due(sealing: SealerStatus | null, at: number): Notice[] {
    const trouble = sealTrouble(sealing, at);
    this.#since = trouble === null ? null : (this.#since ?? at);
    if (trouble === null || this.#since === null || at - this.#since < sealPatienceMs) return [];
    const day = formatInstant(at).slice(0, "2026-03-01".length);
    return [{ notice: "seal.behind", key: day, at, reason: trouble }];
  }
}
