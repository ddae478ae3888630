/** Random commands on no-fly zones, with clocks that jump, corrections and repetitions: what is answered is what is recorded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isLedgerError } from "../../../src/errors.ts";
import type { NfzAnswer } from "../../../src/decisions/nfz/answer.ts";
import type { NfzChange } from "../../../src/decisions/nfz/change.ts";
import { resolveNfzs } from "../../../src/decisions/nfz/resolve.ts";
import { randomRuns } from "../../random-runs.ts";
import type { NfzLedger } from "./nfz-ledger.ts";
import { afternoon, freeze, nfzLedger, noon, weekly } from "./nfz-ledger.ts";

const clusters = ["alpha", "beta"];
const hourMs = 3_600_000;
const instants = ["12:00", "13:00", "14:00", "15:00", "16:00"].map(
  (time) => `2026-04-15T${time}:00.000Z`,
);
const dst = ["2026-04-18T20:00:00.000Z", "2026-04-25T20:00:00.000Z", "2026-04-25T22:00:00.000Z"];

const instant = fc.constantFrom(...instants, ...dst);
const zone = fc.constantFrom("freeze", "weekly");
const change: fc.Arbitrary<NfzChange> = fc.oneof(
  fc.record({
    name: fc.constantFrom("extend" as const, "shorten" as const),
    occurrence: fc.constantFrom(afternoon.from, ...dst),
    to: instant,
  }),
  fc.record({
    name: fc.constant("skip" as const),
    occurrence: fc.constantFrom(afternoon.from, ...dst),
  }),
  fc.record({ name: fc.constantFrom("lift" as const, "cancel" as const) }),
);
const named = fc.option(fc.subarray(clusters, { minLength: 1 }), { nil: undefined });

type Step =
  | { readonly do: "declare"; readonly nfz: string; readonly clusters: string[] }
  | {
      readonly do: "change";
      readonly nfz: string;
      readonly clusters: string[] | undefined;
      readonly change: NfzChange;
    }
  | { readonly do: "clock"; readonly hours: number }
  | { readonly do: "retract"; readonly nfz: string; readonly index: number }
  | { readonly do: "resolve" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("declare" as const),
      nfz: zone,
      clusters: fc.subarray(clusters, { minLength: 1 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("change" as const),
      nfz: zone,
      clusters: named,
      change,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("clock" as const),
      hours: fc.constantFrom(-3, -1, 1, 2, 24 * 3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("retract" as const), nfz: zone, index: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resolve" as const) }) },
);

/** What the facts that are recorded come to in a cluster. */
function recordedIn(at: NfzLedger, nfz: string, cluster: string) {
  const timeline = at.ledger.view(cluster).entity("nfz", nfz);
  return {
    findings: timeline?.findings ?? [],
    occurrences: timeline?.occurrences.map(({ from, to }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    })),
  };
}

async function settled({ ledger }: NfzLedger): Promise<void> {
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
}

/** The answer to a command; `null` if it is refused. */
async function answered(asked: () => Promise<NfzAnswer>): Promise<NfzAnswer | null> {
  try {
    return await asked();
  } catch (error) {
    if (isLedgerError(error) && error.code !== "internal") return null;
    throw error;
  }
}

test("what commands record fits, is what they answered, and is answered again as at first", async () => {
  const runs = randomRuns(25);
  const seen = { carriedOut: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      await using at = await nfzLedger(...clusters);
      let nowMs = Date.parse(noon);
      let latest = "";
      const first: { again: () => Promise<NfzAnswer>; answer: NfzAnswer }[] = [];
      for (const [i, each] of steps.entries()) {
        const asking = { id: `00000000-0000-4000-8000-0000000001${String(i).padStart(2, "0")}` };
        if (each.do === "clock") {
          nowMs += each.hours * hourMs;
          at.setClock(new Date(nowMs).toISOString());
          continue;
        }
        if (each.do === "resolve") {
          await resolveNfzs(at.deciding);
          continue;
        }
        if (each.do === "retract") {
          const event = (await at.events(each.nfz))[each.index];
          // A decision is corrected like any fact, by whoever may state it.
          if (event !== undefined && !/^Fact|Declared/.test(event.type))
            await at.state("FactRetracted", "2026-01-02T00:00:00Z", { eventId: event.id });
          continue;
        }
        const made = each.nfz === "freeze" ? freeze() : weekly();
        const again = (): Promise<NfzAnswer> =>
          each.do === "declare"
            ? at.declare({ ...made, clusters: each.clusters }, asking)
            : at.change(
                {
                  nfz: each.nfz,
                  ...(each.clusters === undefined ? {} : { clusters: each.clusters }),
                },
                each.change,
                asking,
              );
        const answer = await answered(again);
        await settled(at);
        seen[answer === null ? "refused" : "carriedOut"]++;
        if (answer === null) continue;
        for (const { cluster, occurrences } of answer.clusters) {
          expect(recordedIn(at, each.nfz, cluster)).toEqual({ findings: [], occurrences });
        }
        if (answer.outcome !== "appended") continue;
        expect(answer.at > latest).toBe(true);
        latest = answer.at;
        first.push({ again, answer });
      }
      for (const { again, answer } of first)
        expect(await again()).toEqual({ ...answer, outcome: "repeated" });
    }),
    { numRuns: runs },
  );
  expect(seen.carriedOut).toBeGreaterThan(runs);
  expect(seen.refused).toBeGreaterThan(runs);
});
