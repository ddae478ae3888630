/** When requests are turned away: for a loop that is behind, never for one that stood still and goes on. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { LoopDelay } from "../../../src/http/observability/loop-delay.ts";
import { loopSampleMs, maxEventLoopDelayMs } from "../../../src/limits/clients.ts";

describe("the event loop's delay", () => {
  const after = (turns: readonly number[]) => {
    const delay = new LoopDelay(0);
    let nowMs = 0;
    for (const lateMs of turns) delay.tick((nowMs += loopSampleMs + lateMs));
    return { at: (waitedMs: number) => delay.at(nowMs + loopSampleMs + waitedMs) };
  };

  test("is not reported while turns come on time, or once a pause is over", () => {
    expect(after([0, 0, 0, 0]).at(0)).toBe(0);
    expect(after([1_200, 0, 0, 0]).at(0)).toBe(0);
  });

  test("after a single pause is a third of it, however long the pause was", () => {
    expect(after([0, 0, 1_200]).at(0)).toBe(400);
    expect(after([1_200, 1_200, 1_200]).at(0)).toBe(800);
  });

  test("counts the current turn, in which many requests may be waiting", () => {
    expect(after([0, 0]).at(9_000)).toBe(3_000);
    expect(after([6_000, 6_000, 6_000]).at(6_000)).toBe(6_000);
  });
});

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill("SIGKILL");
});

async function blockedServer(maxDelayMs: number) {
  const started = fork(join(import.meta.dirname, "blocked-server.ts"), [String(maxDelayMs)], {
    execArgv: [],
  });
  child = started;
  const [{ port }] = (await once(started, "message")) as [{ port: number }];
  /** Asks all the time while the loop stands still so often and for so long, and for two seconds after. */
  const statusesWhile = async (block: { turns: number; ms: number }) => {
    const over = once(started, "message");
    const isOver = over.then(() => true);
    started.send(block);
    const statuses = new Set<number>();
    const retryAfter = new Set<string | null>();
    const ask = async () => {
      const answers = Array.from({ length: 5 }, () =>
        fetch(`http://127.0.0.1:${port}/v1/clusters`),
      );
      for (const answer of await Promise.all(answers)) {
        statuses.add(answer.status);
        if (answer.status === 503) retryAfter.add(answer.headers.get("retry-after"));
      }
    };
    while (!(await Promise.race([isOver, ask().then(() => false)])));
    for (const endMs = performance.now() + 2_000; performance.now() < endMs;) await ask();
    const later = await fetch(`http://127.0.0.1:${port}/v1/clusters`);
    return { statuses, retryAfter, later: later.status };
  };
  return { statusesWhile };
}

describe("a server whose event loop is blocked", () => {
  test("refuses no request after three pauses of 1.2 s", async () => {
    const { statusesWhile } = await blockedServer(maxEventLoopDelayMs);
    const { statuses } = await statusesWhile({ turns: 3, ms: 1_200 });
    expect(statuses).toEqual(new Set([200]));
  });

  test("refuses requests while turns are late for longer than the limit, and says when to retry", async () => {
    const { statusesWhile } = await blockedServer(100);
    const { statuses, retryAfter, later } = await statusesWhile({ turns: 20, ms: 500 });
    expect(statuses).toContain(503);
    expect(retryAfter).toEqual(new Set(["1"]));
    expect(later).toBe(200);
  });
});
