/** The ledger is killed between handing a message over and noting that it was taken. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { soakRuns } from "../../random-runs.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { failure } from "./delivering.ts";
import { receiver } from "./receiver.ts";

const program = join(import.meta.dirname, "deliver-until-killed.ts");
const kills = soakRuns(50, 3);
/** Messages that a process hands over before it is killed, at most. */
const mostBetween = 8;

test(`${kills} kills between sending and noting lose no message, and none overtakes another`, async () => {
  await using temporary = temporaryLedger();
  const events = kills * mostBetween;
  const ledger = await temporary.open();
  const submissions = await ledger.submit(Array.from({ length: events }, (_, n) => failure(n)));
  expect(submissions.filter(({ status }) => status !== "appended")).toEqual([]);
  await ledger.close();

  let child: ChildProcess | null = null;
  let untilKill = Infinity;
  let killed = 0;
  const kill = (): void => void child?.kill("SIGKILL");
  // The answer is on its way, and every second time the process has it already when it dies.
  await using to = await receiver(() => {
    if (--untilKill !== 0) return;
    killed++;
    if (killed % 2 === 0) kill();
    else setTimeout(kill, Math.random() * 2);
  });
  const complaints: string[] = [];
  const run = (...from: string[]): Promise<void> => {
    const its = spawn(process.execPath, [program, `sqlite:${temporary.path}`, to.url, ...from], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    its.stderr.on("data", (text: Buffer) => complaints.push(String(text)));
    child = its;
    return new Promise((resolve) => its.once("exit", () => resolve()));
  };
  for (let n = 0; n < kills; n++) {
    untilKill = 1 + Math.floor(Math.random() * mostBetween);
    await run(...(n === 0 ? ["1"] : []));
  }
  expect(killed).toBe(kills);
  untilKill = Infinity;
  const last = run();
  await expect.poll(() => to.sequences().at(-1)).toBe(events);
  kill();
  await last;

  expect(complaints).toEqual([]);
  const sequences = to.sequences();
  expect([...new Set(sequences)]).toEqual(Array.from({ length: events }, (_, i) => i + 1));
  const jumps = sequences.filter((sequence, i) => {
    const before = sequences[i - 1] ?? 0;
    return sequence !== before && sequence !== before + 1;
  });
  expect(jumps).toEqual([]);
  const idOf = new Map<number, string>();
  for (const { sequence, headers } of to.received) {
    const id = headers["webhook-id"] ?? "";
    expect(idOf.get(sequence) ?? id).toBe(id);
    idOf.set(sequence, id);
  }
  // Otherwise no process died at the moment that this is about; of a few, each may have been quick enough to note it.
  const repeated = kills < 20 ? 0 : 1;
  expect(sequences.length).toBeGreaterThanOrEqual(events + repeated);
});
