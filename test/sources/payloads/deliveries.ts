/** Payloads written by others, delivered to a ledger of their own, and what the ledger then says. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import type { Source } from "../../../src/sources/config/sources-file.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import type { Answer } from "../../../src/sources/intake/answer.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { factsOf } from "./facts-of.ts";

export const payloads = fileURLToPath(
  new URL("../../../../shared/data/payloads/", import.meta.url),
);
export const hasPayloads = existsSync(payloads);
if (!hasPayloads)
  console.warn(
    "skipped: payloads of others: there is no ../shared/data/payloads beside the project",
  );

/** Later than every payload. */
export const clock = { nowMs: () => Date.UTC(2026, 5, 1) };

interface Delivery {
  readonly file: string;
  readonly expect: Readonly<Record<string, number>>;
}

export interface Expected {
  readonly config: object;
  readonly deliveries: readonly Delivery[];
  readonly events: readonly ExpectedEvent[];
  readonly after?: string;
  readonly figures?: { readonly faults: readonly (readonly [string, string | null])[] };
}

interface ExpectedEvent {
  readonly type: string;
  readonly occurredAt?: string;
  readonly data?: object;
  readonly correlationId?: string;
  readonly corrects?: string;
  readonly newOccurredAt?: string;
}

function readExpected(folder: string, file: string): Expected[] {
  // A case that is skipped, so that its reason is seen.
  if (!hasPayloads) return [{ config: {}, deliveries: [], events: [] }];
  const json = JSON.parse(readFileSync(`${payloads}${folder}/${file}`, "utf8")) as
    | Expected
    | { readonly cases: Expected[] };
  return "cases" in json ? json.cases : [json];
}

export function sourceOf(config: object): Source {
  const {
    sources: [source],
  } = readSources({ sources: [config] });
  if (source === undefined) throw new Error("no source");
  return source;
}

/** Of the Slurm files, the second was written a day later than the first. */
function exportedAt(file: string): number | undefined {
  if (file === "events-1.txt") return Date.UTC(2026, 2, 8, 12);
  return file === "events-2.txt" ? Date.UTC(2026, 2, 9, 12) : undefined;
}

export async function deliver(
  ledger: Ledger,
  source: Source,
  folder: string,
  file: string,
): Promise<Answer> {
  const text = readFileSync(`${payloads}${folder}/${file}`, "utf8");
  const body: unknown = file.endsWith(".json") ? JSON.parse(text) : text;
  return await takePayload(ledger, source, body, { actor: "tests", exportedAt: exportedAt(file) });
}

export async function eventsOf(ledger: Ledger): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of ledger.store.readAll(0)) events.push(...batch);
  return events;
}

const expectedFiles = [
  ["Alertmanager", "alertmanager", "expected.json"],
  ["Azure Scheduled Events", "azure", "expected.json"],
  ["Azure Resource Health", "azure", "health.expected.json"],
  ["Kubernetes", "kubernetes", "expected.json"],
  ["NVSentinel", "nvsentinel", "expected.json"],
  ["Slurm's node events", "slurm", "events.expected.json"],
  ["Slurm's jobs", "slurm", "jobs.expected.json"],
] as const;

/** Every case: its title, the folder of its files, and what is expected. */
export const cases: readonly [title: string, folder: string, expected: Expected][] =
  expectedFiles.flatMap(([title, folder, file]) =>
    readExpected(folder, file).map((each, i): [string, string, Expected] => [
      i === 0 ? title : `${title}, case ${i + 1}`,
      folder,
      each,
    ]),
  );

/** Delivers what has to be in the ledger before; returns how many events that gave. */
export async function prepare(ledger: Ledger, expected: Expected): Promise<number> {
  if (expected.after === undefined) return 0;
  const [before] = readExpected("slurm", "events.expected.json");
  await deliver(ledger, sourceOf(before?.config ?? {}), "slurm", expected.after);
  return (await eventsOf(ledger)).length;
}

/** The facts after the files were delivered in that order, to a ledger of their own. */
export async function factsAfter(expected: Expected, folder: string, files: readonly string[]) {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  await prepare(ledger, expected);
  for (const file of files) await deliver(ledger, sourceOf(expected.config), folder, file);
  return factsOf(await eventsOf(ledger));
}
