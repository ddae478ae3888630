/** The first fill of a mirror, or its rebuild after it was lost, against the bare client's reading of the same events. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EventStoreDBClient, NO_STREAM } from "@eventstore/db-client";
import { freshPrefix } from "../test/kurrentdb/server.ts";
import { barePart, freshParts, rateUnit, sizeBytes } from "./kurrentdb-events.ts";
import type { ReadOnce } from "./kurrentdb-read-once.ts";
import { formatTable, median } from "./table.ts";

const partsAtOnce = 20;
const eventsPerPart = 500;

function readOnce(how: "bare" | "mirror", url: string, prefix: string, count: number): ReadOnce {
  const file = fileURLToPath(new URL("kurrentdb-read-once.ts", import.meta.url));
  const args = [...process.execArgv, file, how, url, prefix, String(count)];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`the reading (${how}) did not come to an end`);
  return JSON.parse(stdout) as ReadOnce;
}

/** Appends that many events, rounded up to whole groups; gives their number and size. */
async function write(url: string, prefix: string, count: number): Promise<[number, number]> {
  const client = EventStoreDBClient.connectionString(url);
  const perGroup = partsAtOnce * eventsPerPart;
  const groups = Math.ceil(count / perGroup);
  let bytes = 0;
  for (let g = 0; g < groups; g++) {
    const parts = freshParts(`g${g}`, partsAtOnce, eventsPerPart);
    bytes += sizeBytes(parts);
    await Promise.all(
      parts
        .map(barePart)
        .map(({ stream, records }) =>
          client.appendToStream(prefix + stream, [...records], { expectedRevision: NO_STREAM }),
        ),
    );
  }
  await client.dispose();
  return [groups * perGroup, bytes];
}

/** The figures as text; the two take turns. */
export async function benchFill(url: string, count: number, rounds: number): Promise<string> {
  const prefix = freshPrefix();
  const [total, bytes] = await write(url, prefix, count);
  const bare: ReadOnce[] = [];
  const mirror: ReadOnce[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(readOnce("bare", url, prefix, total));
    mirror.push(readOnce("mirror", url, prefix, total));
  }
  const rate = (all: readonly ReadOnce[]) => median(all.map(({ ms }) => (total * 1_000) / ms));
  const [theirs, own] = [rate(bare), rate(mirror)];
  const unit = (perSecond: number) => rateUnit(perSecond, bytes / total);
  const table = formatTable(`${total.toLocaleString("en-US")} events, from nothing`, [
    { name: "the bare client reads them", perSecond: theirs, unit: unit(theirs) },
    {
      name: "a mirror is filled with them",
      perSecond: own,
      unit: unit(own),
      ratio: { of: "bare client", value: own / theirs, aim: 0.9 },
    },
  ]);
  return `${table}${inWords("bare client", bare)}${inWords("mirror", mirror)}\n`;
}

function inWords(name: string, all: readonly ReadOnce[]): string {
  const of = (figure: (once: ReadOnce) => number) => median(all.map(figure));
  const seconds = of(({ ms }) => ms / 1_000).toFixed(1);
  const busy = Math.round(of(({ ms, cpuMs }) => (100 * cpuMs) / ms));
  const peak = Math.round(of(({ peakBytes }) => peakBytes / 1e6));
  const broken = of(({ reconnects }) => reconnects);
  return `  ${name}: ${seconds} s, ${busy} % of a processor, ${peak} MB of memory at most, ${broken} reconnects\n`;
}
