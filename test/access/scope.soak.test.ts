/** What a key does not see is not there: answers over ledgers that differ only in that are the same. */
import { describe, expect, test } from "vitest";
import { soakRuns } from "../random-runs.ts";
import {
  addresses,
  ask,
  factsOf,
  issueReports,
  placesOf,
  streamOf,
  withoutPositions,
  world,
} from "./two-worlds.ts";

const seeds = Array.from({ length: soakRuns(16, 2) }, (_, i) => i + 1);

describe("to a key of some clusters,", () => {
  test.each(seeds)(
    "other facts of the others, at the same positions, change no byte of any answer (history %i)",
    async (seed) => {
      const own = factsOf(seed, "own");
      const [some, more] = [factsOf(seed + 1_000, "foreign"), factsOf(seed + 2_000, "foreign")];
      const count = Math.min(some.length, more.length);
      const places = placesOf(seed, own.length, count);
      await using a = await world(own, some.slice(0, count), places);
      await using b = await world(own, more.slice(0, count), places);
      const differences: string[] = [];
      let found = 0;
      for (const url of addresses(own, [...a.foreign.slice(0, 6), ...b.foreign.slice(0, 6)])) {
        const [one, other] = [await ask(a, url), await ask(b, url)];
        if (JSON.stringify(one) !== JSON.stringify(other)) differences.push(url);
        if (one.status === 200) found++;
        if (one.status >= 500 || one.status === 403) differences.push(`${url} ${one.status}`);
      }
      expect(differences).toEqual([]);
      expect(found).toBeGreaterThan(30);
      const events = (await a.keyed.ask(a.viewer, "/v1/events?limit=1000")).json<{
        events: object[];
      }>().events.length;
      expect(events).toBe(own.length);
      expect(await streamOf(a, events)).toBe(await streamOf(b, events));
    },
  );

  test.each(seeds)(
    "a ledger answers as one in which the others are not, but for positions (history %i)",
    async (seed) => {
      const own = factsOf(seed, "own");
      const foreign = factsOf(seed + 3_000, "foreign");
      await using a = await world(own, foreign, placesOf(seed, own.length, foreign.length));
      await using b = await world(own, [], placesOf(seed, own.length, 0));
      for (const each of [a, b]) await issueReports(each);
      const differences: string[] = [];
      for (const url of addresses(own, foreign)) {
        // Positions are what these count, and proofs are made of.
        if (
          !url.startsWith("/v1/") ||
          /audit\/proof|by=sequence|after=|find\?q=%23|csv|node-states/.test(url)
        ) {
          continue;
        }
        const [one, other] = [await ask(a, url), await ask(b, url)];
        const isJson = String(one.headers["content-type"]).includes("json");
        const isSame =
          one.status === other.status &&
          (!isJson ||
            JSON.stringify(withoutPositions(one.body)) ===
              JSON.stringify(withoutPositions(other.body)));
        if (!isSame) differences.push(url);
      }
      expect(differences).toEqual([]);
    },
  );
});
