/** Ledgers that are filled with events which keep their recorded times, and the views that another thread makes meanwhile. */
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openToFill } from "../../../src/ledger/filling/filling-ledger.ts";
import { writeRecordedTimes } from "../../../src/ledger/append/recorded-times.ts";
import type { EmbeddedStore } from "../../../src/store/sqlite/embedded-store.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { checkDerived } from "../../../src/verify/check-derived.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { corrected, failed, retracted, uuid } from "../sample-events.ts";

const segmentEvents = 8;

const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
let ledgers = 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function newPath(): string {
  return join(folder, `${++ledgers}.sqlite`);
}

interface Filled {
  readonly path: string;
  /** What the operator was told. */
  readonly said: readonly string[];
  /** How far the views were said to be after the last append, and of how many events. */
  readonly progress: readonly (readonly [number, number])[];
}

async function fill(
  path: string,
  inputs: readonly unknown[],
  program?: string,
  status = "appended",
): Promise<Filled> {
  const said: string[] = [];
  const progress: (readonly [number, number])[] = [];
  const ledger = await openToFill({
    path,
    segmentEvents,
    say: (text) => said.push(text),
    ...(program !== undefined && { viewsProgram: new URL(`data:text/javascript,${program}`) }),
  });
  // In a few commits, so that the thread follows the file.
  for (let i = 0; i < inputs.length; i += 20) {
    const outcomes = await ledger.submit(inputs.slice(i, i + 20));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(outcomes.map(() => status));
  }
  await ledger.close((done, total) => progress.push([done, total]));
  return { path, said, progress };
}

async function store(path: string): Promise<EmbeddedStore> {
  const opened = await openEmbeddedStore({ path, mode: "read" });
  onTestFinished(() => opened.close());
  return opened;
}

/** What a check of the file of views finds, which makes each full segment from the events and compares the bytes. */
async function checkedViews({ path }: Pick<Filled, "path">) {
  const opened = await store(path);
  const { sequence } = await opened.head();
  return { events: sequence, ...(await checkDerived(opened, { sequence, segmentEvents })) };
}

function allViewsOf(events: number): Awaited<ReturnType<typeof checkedViews>> {
  const full = events - (events % segmentEvents);
  const words = `of the first ${full} events, rebuilt from them and compared`;
  return { events, findings: [], words };
}

/** Failures, every fourth of which is corrected or retracted at once, and the first ones again at the end. */
function withCorrections(count: number): object[] {
  const recordedAt = "2026-01-03T00:00:00.000Z";
  const events: object[] = [];
  for (let i = 1; i <= count; i++) {
    events.push(failed(i, `n${i % 3}`));
    if (i % 4 === 0)
      events.push(corrected(1_000 + i, uuid(i), { occurredAt: "2026-01-01T01:00:00.000Z" }));
    if (i % 4 === 2) events.push(retracted(1_000 + i, uuid(i)));
  }
  events.push(retracted(5_001, uuid(1)), retracted(5_003, uuid(3)));
  return events.map((event) => ({ ...event, recordedAt }));
}

describe("a ledger that was filled", () => {
  test("has the views of its events, corrected ones as well", async () => {
    const events = withCorrections(60);
    const filled = await fill(newPath(), events);
    expect(filled.said).toEqual([]);
    expect(await checkedViews(filled)).toEqual(allViewsOf(events.length));
  });

  test("has the views of random histories", async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const events = randomHistory(seed, { maxEvents: 200 });
      const path = newPath();
      const ledger = await openToFill({ path, segmentEvents, say: () => undefined });
      const outcomes = await ledger.submit(events);
      await ledger.close();
      const appended = outcomes.filter(({ status }) => status === "appended").length;
      expect(appended, `seed ${seed}`).toBeGreaterThan(segmentEvents);
      expect(await checkedViews({ path }), `seed ${seed}`).toEqual(allViewsOf(appended));
    }
  });

  test("says how far the views are until it is closed", async () => {
    const { progress } = await fill(newPath(), withCorrections(60));
    expect(progress.at(-1)).toEqual([92, 92]);
  });

  test("has no file of views, which would be empty, if its events fill no segment", async () => {
    const { path } = await fill(newPath(), withCorrections(3).slice(0, segmentEvents - 1));
    expect(existsSync(path)).toBe(true);
    expect(existsSync(`${path}.derived`)).toBe(false);
  });

  test("goes on where it was interrupted: events and views that are there stay, and corrections find events from before", async () => {
    const events = withCorrections(60);
    const path = newPath();
    await fill(path, events.slice(0, 40));
    const interrupted = await openEmbeddedStore({ path, mode: "write" });
    await writeRecordedTimes(interrupted, "importing");
    await interrupted.close();
    await fill(path, events.slice(0, 40), undefined, "duplicate");
    const again = await openEmbeddedStore({ path, mode: "write" });
    await writeRecordedTimes(again, "importing");
    await again.close();
    const filled = await fill(path, events.slice(40));
    expect(await checkedViews(filled)).toEqual(allViewsOf(events.length));
  });

  test("takes no more events whose recorded times are to be kept, as after any such import", async () => {
    const events = withCorrections(8);
    const { path } = await fill(newPath(), events.slice(0, 4));
    const ledger = await openToFill({ path, say: () => undefined });
    const [outcome] = await ledger.submit(events.slice(4, 5));
    await ledger.close();
    expect(outcome).toMatchObject({ status: "refused", error: { code: "ledger-not-empty" } });
  });
});

test("the views of a ledger that is named by a link lie beside its own file", async () => {
  const [path, link] = [newPath(), newPath()];
  const events = withCorrections(60);
  await fill(path, events.slice(0, 4));
  const interrupted = await openEmbeddedStore({ path, mode: "write" });
  await writeRecordedTimes(interrupted, "importing");
  await interrupted.close();
  symlinkSync(path, link);
  await fill(link, events.slice(4));
  expect(existsSync(`${link}.derived`)).toBe(false);
  expect(await checkedViews({ path })).toEqual(allViewsOf(events.length));
});

test("if the ledger cannot be closed as it should be, its thread of views ends all the same", async () => {
  const path = newPath();
  const beats = `${path}.beats`;
  const program = `import { appendFileSync } from 'node:fs'; setInterval(() => appendFileSync('${beats}', '.'), 1);`;
  const viewsProgram = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const ledger = await openToFill({ path, segmentEvents, say: () => undefined, viewsProgram });
  await ledger.submit(withCorrections(20));
  await expect.poll(() => existsSync(beats)).toBe(true);
  truncateSync(`${path}-wal`, 0);
  await expect(ledger.close()).rejects.toThrow("overwritten or truncated");
  const { size } = statSync(beats);
  await new Promise((resume) => setTimeout(resume, 100));
  expect(statSync(beats).size).toBe(size);
});

describe("a thread of views that fails", () => {
  test.each([
    ["before it begins", "throw new Error('no memory');", "Error: no memory"],
    [
      "when it is to end",
      "import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { throw new Error('no disk'); });",
      "Error: no disk",
    ],
    ["without an error", "process.exit(3)", "it ended with exit code 3"],
  ])("%s costs no event, and is told", async (_, program, why) => {
    const events = withCorrections(20);
    const { path, said } = await fill(newPath(), events, program);
    expect(said).toEqual([
      `the thread that makes the views has failed: ${why}; the events are in the ledger, and the next start makes the views`,
    ]);
    expect((await (await store(path)).head()).sequence).toBe(events.length);
  });

  test("to start costs no event, and is told once", async () => {
    const said: string[] = [];
    const events = withCorrections(20);
    const path = newPath();
    const viewsProgram = new URL("http://127.0.0.1/no-program.js");
    const ledger = await openToFill({
      path,
      segmentEvents,
      say: (text) => said.push(text),
      viewsProgram,
    });
    for (const event of events) await ledger.submit([event]);
    await ledger.close();
    expect(said).toEqual([
      expect.stringMatching(/^the thread that makes the views has failed: TypeError/),
    ]);
    expect((await (await store(path)).head()).sequence).toBe(events.length);
  });
});
