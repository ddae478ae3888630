/** What a rollout declares to cost its nodes, in words. */
import type { DataOf } from "../../events/catalogue.ts";
import { durationText } from "../frame/times.ts";

export function impactWords(impact: DataOf<"RolloutSubmitted">["impact"] | null): string {
  if (impact === null) return "no impact declared";
  return impact.kind === "impactless"
    ? "declared impactless"
    : `declared ${durationText(impact.secondsPerNode * 1_000)} a node`;
}
