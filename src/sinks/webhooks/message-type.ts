/** What receivers can ask for, and which events are told as what. */
import type { EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { noticeNames } from "../../events/system.ts";

const ofFacts = [
  "fault.opened",
  "fault.returned",
  "rollout.refused",
  "rollout.released",
  "rollout.override",
  "report.issued",
  "fact.corrected",
] as const;

export const messageTypes = [...ofFacts, ...noticeNames] as const;
export type MessageType = (typeof messageTypes)[number];

const told: ReadonlyMap<EventType, MessageType> = new Map<EventType, MessageType>([
  ["NodeFailed", "fault.opened"],
  ["NodeReturned", "fault.returned"],
  ["RolloutBlocked", "rollout.refused"],
  ["RolloutRefused", "rollout.refused"],
  ["RolloutUnblocked", "rollout.released"],
  ["RolloutOverrideGranted", "rollout.override"],
  ["RolloutOverrideRevoked", "rollout.override"],
  ["ReportIssued", "report.issued"],
  ["FactCorrected", "fact.corrected"],
  ["FactRetracted", "fact.corrected"],
]);

/** `null` for an event that no receiver is told of. */
export function messageTypeOf({ type, data }: StoredEvent): MessageType | null {
  if (type === "NoticeRaised") return "notice" in data ? data.notice : null;
  return told.get(type) ?? null;
}
