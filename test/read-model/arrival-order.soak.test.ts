import { expect, test } from "vitest";
import { take } from "./take.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomSource } from "../histories/random-source.ts";
import type { RandomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { storedHistory } from "./stored-history.ts";
import { viewJson } from "./view-json.ts";

/** Each event with what corrects it, at any depth, in their order. */
function storiesOf(events: readonly StoredEvent[]): StoredEvent[][] {
  const stories = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const named = "eventId" in event.data ? event.data.eventId : null;
    const story = (named === null ? undefined : stories.get(named)) ?? [];
    story.push(event);
    stories.set(event.id, story);
  }
  return [...new Set(stories.values())];
}

/** The stories told in one row, each in its own order, with new sequences. */
function interleaved(stories: readonly StoredEvent[][], random: RandomSource): StoredEvent[] {
  const rest = stories.map((story) => [...story]);
  const told: StoredEvent[] = [];
  while (rest.length > 0) {
    const place = random.below(rest.length);
    const next = rest[place]?.shift();
    if (next === undefined) rest.splice(place, 1);
    else told.push({ ...next, sequence: told.length + 1 });
  }
  return told;
}

/** All that a view shows but for the places in the ledger. */
function shown(events: readonly StoredEvent[], cluster: string): string {
  const model = new LiveModel({ factsPerState: 2 });
  for (const event of events) {
    take(model, [event]);
    // Folded as they come, so that what is reused of earlier folds is tested too.
    if (event.sequence % 7 === 0) [...model.view(cluster).entities("node")].at(0);
  }
  return viewJson(model.view(cluster)).replaceAll(/"(sequence|since)":\d+/g, `"$1":0`);
}

test("the final views are the same whatever the order in which facts arrive", () => {
  for (let seed = 1; seed <= soakRuns(150, 40); seed++) {
    const events = storedHistory(randomHistory(seed, { maxEvents: 80 }));
    const stories = storiesOf(events);
    const random = randomSource(seed);
    for (const cluster of ["c1", "c2"]) {
      const first = shown(interleaved(stories, random), cluster);
      expect(shown(interleaved(stories, random), cluster), `seed ${seed}`).toBe(first);
      expect(shown(events, cluster), `seed ${seed}`).toBe(first);
    }
  }
});
