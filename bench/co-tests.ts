/**
 * Co-tests through HTTP: ten thousand rollouts of two hundred sets of updates over three hundred racks. Each answer is
 * asked at an instant of its own, so that nothing that was computed is used again.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatLatencies } from "./latency.ts";
import { serveLedger } from "./served-ledger.ts";
import { fillTestedFleet, testedFleet } from "./tested-fleet.ts";

const aimMicros = 500_000;

interface Asked {
  readonly name: string;
  readonly path: string;
}

const asked: readonly Asked[] = [
  { name: "coverage, with a page of 1,000 pairs", path: "/v1/co-test/coverage?" },
  { name: "next bundles", path: "/v1/co-test/next?" },
  { name: "release plan", path: "/v1/rollouts/release-plan?" },
];

async function benchCoTests(): Promise<string> {
  const { values } = parseArgs({
    options: {
      asks: { type: "string", default: "20" },
      racks: { type: "string", default: "1" },
    },
  });
  const [asks, racksEach] = [Number(values.asks), Number(values.racks)];
  const parts: string[] = [];
  for (const tests of [2_000, 0]) parts.push(await measured(tests, racksEach, asks));
  return parts.join("\n");
}

async function measured(tests: number, racksEach: number, asks: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  try {
    const path = join(folder, "co-tests.sqlite");
    await fillTestedFleet(path, tests, racksEach);
    const served = await serveLedger(path);
    const begin = Date.now();
    let instant = 0;
    const rows = [];
    const told: string[] = [];
    for (const { name, path: address } of asked) {
      const micros: number[] = [];
      let last: Record<string, unknown> = {};
      for (let i = 0; i < asks + 3; i++) {
        const at = new Date(begin + ++instant).toISOString();
        const start = performance.now();
        const answer = await fetch(`${served.url}${address}cluster=c&at=${at}`);
        const text = await answer.text();
        // The first ones compile what answers them.
        if (i >= 3) micros.push((performance.now() - start) * 1_000);
        if (!answer.ok) throw new Error(`${address}: ${answer.status} ${text}`);
        last = JSON.parse(text) as Record<string, unknown>;
      }
      rows.push({ name, micros, aim: aimMicros });
      told.push(`${name}: ${summaryOf(last)}`);
    }
    await served.stop();
    const { rollouts, sets, racks } = testedFleet;
    const title = `Co-tests of ${rollouts} rollouts of ${sets} sets of updates over ${racks} racks (up to ${racksEach} each) through HTTP, ${tests} results`;
    return `${formatLatencies(title, rows)}${told.map((line) => `  ${line}\n`).join("")}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The numbers of an answer, and the lengths of its lists. */
function summaryOf(answer: Readonly<Record<string, unknown>>): string {
  return Object.entries(answer)
    .flatMap(([key, value]) =>
      typeof value === "number"
        ? [`${key} ${value}`]
        : Array.isArray(value)
          ? [`${value.length} ${key}`]
          : [],
    )
    .join(", ");
}

if (import.meta.main) process.stdout.write(`${await benchCoTests()}\n`);
