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
    why.push(`the first ${size} events are not those that it was made over`);
    break;
  }
  if (since.size > BigInt(events))
    why.push(`it has ${since.size} events, this history only ${events}`);
  return why.map((each) => `not consistent with the checkpoint seen before: ${each}`);
}
