/** Payloads of the field give the events that were worked out for them by hand, and the same facts in any order. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { randomRuns } from "../../random-runs.ts";
import { clock, deliver, eventsOf, hasPayloads, readExpected, sourceOf } from "./deliveries.ts";
import type { Expected } from "./deliveries.ts";
import { factsOf } from "./facts-of.ts";

const all: [name: string, folder: string, expected: Expected][] = [
  ...readExpected("alertmanager", "expected.json").map((each, i): [string, string, Expected] => [
    `Alertmanager, case ${i + 1}`,
    "alertmanager",
    each,
  ]),
  ...readExpected("azure", "expected.json").map((each): [string, string, Expected] => [
    "Azure Scheduled Events",
    "azure",
    each,
  ]),
  ...readExpected("azure", "health.expected.json").map((each): [string, string, Expected] => [
    "Azure Resource Health",
    "azure",
    each,
  ]),
  ...readExpected("kubernetes", "expected.json").map((each): [string, string, Expected] => [
    "Kubernetes",
    "kubernetes",
    each,
  ]),
  ...readExpected("nvsentinel", "expected.json").map((each): [string, string, Expected] => [
    "NVSentinel",
    "nvsentinel",
    each,
  ]),
  ...readExpected("slurm", "events.expected.json").map((each): [string, string, Expected] => [
    "Slurm's node events",
    "slurm",
    each,
  ]),
  ...readExpected("slurm", "jobs.expected.json").map((each): [string, string, Expected] => [
    "Slurm's jobs",
    "slurm",
    each,
  ]),
];

/** What has to be in the ledger before. */
async function prepare(ledger: Parameters<typeof deliver>[0], expected: Expected): Promise<number> {
  if (expected.after === undefined) return 0;
  const [before] = readExpected("slurm", "events.expected.json");
  await deliver(ledger, sourceOf(before?.config ?? {}), "slurm", expected.after);
  return (await eventsOf(ledger)).length;
}

describe.skipIf(!hasPayloads).each(all)("%s", (_name, folder, expected) => {
  test("each delivery is answered as expected, and the ledger has the expected events", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const before = await prepare(ledger, expected);
    const source = sourceOf(expected.config);
    const answers: object[] = [];
    for (const { file } of expected.deliveries) {
      const answer = await deliver(ledger, source, folder, file);
      answers.push({
        file,
        ...answer,
        status: 200,
        rows: answer.observations,
        refused: answer.refused.length,
      });
    }
    expect(answers).toMatchObject(
      expected.deliveries.map(({ file, expect: said }) => ({ file, ...said })),
    );
    const events = (await eventsOf(ledger)).slice(before);
    expect(events.map((event) => shown(event, events)).sort(byText)).toEqual(
      expected.events.map((event) => ({ ...event })).sort(byText),
    );
    expect(
      new Set(events.map(({ attribution }) => `${attribution.source} ${attribution.actor}`)),
    ).toEqual(new Set(events.length === 0 ? [] : [`${source.kind}:${source.name} tests`]));
  });

  test("any order and repetition of the deliveries gives the same facts", async () => {
    const straight = await factsAfter(
      expected,
      folder,
      expected.deliveries.map(({ file }) => file),
    );
    const files = [...new Set(expected.deliveries.map(({ file }) => file))];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(files, { minLength: files.length }),
        fc.array(fc.constantFrom(...files), { maxLength: 4 }),
        async (order, again) => {
          expect(await factsAfter(expected, folder, [...order, ...again, ...order])).toEqual(
            straight,
          );
        },
      ),
      { numRuns: randomRuns(12) },
    );
  });

  test.runIf(expected.figures !== undefined)("the faults are those expected", async () => {
    const facts = await factsAfter(
      expected,
      folder,
      expected.deliveries.map(({ file }) => file),
    );
    expect(facts.filter(({ kind }) => kind === "fault").map(({ from, to }) => [from, to])).toEqual(
      expected.figures?.faults,
    );
  });
});

async function factsAfter(expected: Expected, folder: string, files: readonly string[]) {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  await prepare(ledger, expected);
  for (const file of files) await deliver(ledger, sourceOf(expected.config), folder, file);
  return factsOf(await eventsOf(ledger));
}

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** An event as the expected files write it. */
function shown(event: StoredEvent, events: readonly StoredEvent[]): object {
  if (event.type === "FactCorrected") {
    const { eventId, occurredAt } = event.data as { eventId: string; occurredAt: string };
    const target = events.find(({ id }) => id === eventId);
    const data = target?.data as { faultId?: string; faultIds?: string[] } | undefined;
    const of = data?.faultId ?? data?.faultIds?.[0];
    return { type: event.type, corrects: `${target?.type} ${of}`, newOccurredAt: occurredAt };
  }
  const { type, data, attribution } = event;
  const isJob = type.startsWith("Job");
  return {
    type,
    occurredAt: formatInstant(event.occurredAt),
    data,
    ...(isJob ? { correlationId: attribution.correlationId } : {}),
  };
}
