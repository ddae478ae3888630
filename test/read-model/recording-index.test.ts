/** When the ledger grew, held against looking at every event. */
import { expect, test } from "vitest";
import { RecordingIndex } from "../../src/read-model/columns/recording-index.ts";
import { randomSource } from "../histories/random-source.ts";
import { randomRuns } from "../random-runs.ts";

const types = ["NodeFailed", "FactCorrected", "FactRetracted", "LedgerSealed"] as const;

test("positions, corrections and seals of every minute are those of the events up to it, however recorded times go back", () => {
  for (let seed = 1; seed <= randomRuns(50); seed++) {
    const random = randomSource(seed);
    const index = new RecordingIndex();
    let [recordedAt, latest] = [60_000 * random.below(5), 0];
    const events = Array.from({ length: random.between(1, 60) }, (_, i) => {
      recordedAt = Math.max(0, recordedAt + random.between(-40_000, 90_000));
      latest = Math.max(latest, recordedAt);
      const event = { sequence: i + 1, type: random.pick(types), recordedAt, latest };
      index.add(event.sequence, event.type, recordedAt);
      return event;
    });
    expect(index.firstAt).toBe(events[0]?.recordedAt);
    for (const { sequence, latest: upTo } of events)
      expect(index.minuteOf(sequence), `seed ${seed}`).toBe(Math.floor(upTo / 60_000));
    for (let minute = 0; minute < 100; minute++) {
      const last = events.findLast((each) => each.latest < minute * 60_000)?.sequence ?? 0;
      expect(index.lastBefore(minute), `seed ${seed}, minute ${minute}`).toBe(last);
    }
    const [after, upTo] = [random.below(events.length), events.length - random.below(3)];
    const within = events.filter(({ sequence }) => sequence > after && sequence <= upTo);
    const isSeal = (type: string) => type === "LedgerSealed";
    if (after > upTo) continue;
    expect(index.seals(after, upTo)).toBe(within.filter(({ type }) => isSeal(type)).length);
    expect(index.corrections(after, upTo)).toBe(
      within.filter(({ type }) => type.startsWith("Fact")).length,
    );
  }
});
