/** Holding a history against tree heads that were seen before. */
import type { SeenHead } from "../tree/checkpoint.ts";

/** Why a history of so many events does not go on from the heads; nothing if it does. */
export async function differencesFromSeen(
  since: SeenHead,
  events: number,
  rootAt: (size: number) => Promise<Buffer>,
): Promise<string[]> {
  const why: string[] = [];
  const all = [since, ...(since.earlier ?? [])].toSorted((a, b) => Number(a.size - b.size));
  for (const { size, root } of all) {
    if (size > BigInt(events)) break;
    if ((await rootAt(Number(size))).equals(root)) continue;
    why.push(`the first ${size} events are not the ones it covers`);
    break;
  }
  if (since.size > BigInt(events))
    why.push(`it covers ${since.size} events, but this history has only ${events}`);
  return why.map((each) => `not consistent with the earlier checkpoint: ${each}`);
}
