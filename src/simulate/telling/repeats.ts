/** What reaches the ledger more than once: the very same line again, or the same claim under another id. */
import type { Random } from "../setting/prng.ts";
import { type StatedFact, staleSource } from "../setting/reporter.ts";
import type { Scenario } from "../setting/scenario.ts";
import { hourMs } from "../setting/setting.ts";

/** Claims that change nothing when they come again later, whatever happened in between. */
const harmless = new Set<string>([
  "NodeFailed",
  "NodeReturned",
  "NodeMaintenanceStarted",
  "NodeMaintenanceEnded",
]);

/** Facts stated once more under another id, a little later in the world's time as well. */
export function echoes(
  facts: readonly StatedFact[],
  scenario: Scenario,
  random: Random,
  endMs: number,
): StatedFact[] {
  const { echoShare, meanDelayMs } = scenario.reporting;
  return facts.flatMap((fact) => {
    if (!harmless.has(fact.type) || fact.source === staleSource) return [];
    if (!random.chance(echoShare)) return [];
    const occurredAt = fact.occurredAt + random.between(1, hourMs);
    if (occurredAt >= endMs) return [];
    const delayMs = Math.round(random.exponential(meanDelayMs));
    const recordedAt = Math.min(endMs, occurredAt + delayMs);
    return [{ ...fact, id: random.uuid(), occurredAt, recordedAt }];
  });
}

/** Lines that a source sends again because it saw no answer. */
export function duplicates(
  facts: readonly StatedFact[],
  scenario: Scenario,
  random: Random,
  endMs: number,
): StatedFact[] {
  const { duplicateShare } = scenario.reporting;
  return facts.flatMap((fact) => {
    if (!random.chance(duplicateShare)) return [];
    const laterMs = Math.round(random.exponential(hourMs));
    return [{ ...fact, recordedAt: Math.min(endMs, fact.recordedAt + laterMs) }];
  });
}
