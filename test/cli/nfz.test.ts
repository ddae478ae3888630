/** `fleetledger nfz`: the same words, answers and exit codes on a store and over its server. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";
import type { Outcome } from "./run.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

const said = ["--actor", "env/ann", "--reason", "year end"];
const window = ["--from", "2190-01-01T00:00:00Z", "--to", "2190-01-02T00:00:00Z"];
const occurrence = ["--occurrence", "2190-01-01T00:00:00Z"];
const rule = ["--rrule", "FREQ=WEEKLY;BYDAY=SU;COUNT=3", "--start", "2190-03-21T02:30"];
const sundays = [...rule, "--zone", "Europe/Amsterdam", "--duration", "90m"];

const waiting = [
  anEvent({ type: "RolloutCancelled", data: { rollout: "r1", cluster: "alpha" } }),
  anEvent({ type: "RolloutSubmitted", data: { ...Object(history[10]?.["data"]), rollout: "r2" } }),
].map((event) => ({ ...event, occurredAt: "2026-04-13T00:00:00Z" }));

describe("the nfz commands, over a server and on a store:", () => {
  let served: ServedLedger;
  let twin: ServedLedger;
  beforeAll(async () => {
    [served, twin] = await Promise.all([servedLedger(), servedLedger()]);
    // Nothing that a sweep would do when the store is opened under a later clock.
    for (const { ledger } of [served, twin]) {
      const taken = await ledger.submit(waiting);
      await ledger.waitFor(taken.at(-1)?.status === "appended" ? history.length + 2 : 0, 600_000);
    }
    await twin.stop();
    await twin.ledger.close();
  });
  afterAll(async () => {
    await Promise.all([served.close(), twin.close()]);
  });

  /** Runs it both ways; gives what it said over the server, once the store has said the same. */
  async function both(...args: string[]): Promise<Outcome> {
    const over = await run("nfz", ...args, ...served.byServer);
    const on = await run("nfz", ...args, ...twin.byStore);
    expect([over.code, over.out, over.said]).toEqual([on.code, on.out, on.said]);
    return over;
  }

  test("a preview shows the occurrences, how changes of clocks affect them, and the rollouts that would wait", async () => {
    const { code, out } = await both(
      "preview",
      "sundays",
      "--cluster",
      "alpha",
      ...sundays,
      ...said,
    );
    expect(code).toBe(0);
    expect(out).toContain("sundays would have 3 occurrences:");
    expect(out).toContain("2190-03-21T02:30:00+01:00 to 2190-03-21T04:00:00+01:00");
    expect(out).toContain("the clocks skip its local start");
    expect(out).toContain("would wait: r2 (security, ");
  });

  test("a zone can be declared, extended, shortened, skipped and cancelled, and a refusal exits with 3", async () => {
    const declare = ["declare", "year-end", "--all-clusters", "--in-flight", "pause", ...window];
    const declared = await both(...declare, "--no-fast-path", ...said);
    expect(declared.code).toBe(0);
    expect(declared.out).toMatch(
      /^year-end: recorded\n {2}alpha {2}NfzDeclared at sequence \d+ {2}2190-01-01 00:00 UTC to 2190-01-02 00:00 UTC\n$/,
    );
    const again = await both(...declare, ...said);
    expect(again.code).toBe(3);
    expect(again.said).toContain("year-end is declared already for alpha");
    const to = (day: string) => ["--to", `2190-01-0${day}T00:00:00Z`];
    for (const [word, ...options] of [
      ["extend", ...occurrence, ...to("5")],
      ["shorten", ...occurrence, ...to("4")],
      ["skip", ...occurrence],
      ["cancel", "--cluster", "alpha"],
    ]) {
      const changed = await both(String(word), "year-end", ...options, ...said);
      expect([changed.code, changed.said], word).toEqual([0, ""]);
    }
    const over = await both("lift", "year-end", ...said);
    expect(over.code).toBe(3);
    expect(over.said).toContain("(nfz-over)");
    const late = await both("extend", "year-end", ...occurrence, ...to("9"), ...said);
    expect([late.code, late.out]).toEqual([2, ""]);
  });

  test("a command repeated with its id is carried out once", async () => {
    const id = ["--id", "00000000-0000-4000-8000-0000000000aa"];
    const declare = ["declare", "once", "--cluster", "alpha", ...window, ...said, ...id];
    expect((await both(...declare)).out).toMatch(/^once: recorded\n/);
    expect((await both(...declare)).out).toMatch(/^once: was asked before with this id\n/);
  });

  test("zones in force are shown for an instant, a node or a rollout", async () => {
    const at = ["at", "--cluster", "alpha", "--instant", "2026-04-15T00:00:00Z"];
    expect((await both(...at, "--node", "n1", "--rollout", "r2")).out).toBe(
      [
        "alpha at 2026-04-15 00:00 UTC: in force are",
        "  freeze  2026-04-10 00:00 UTC to 2026-04-20 00:00 UTC  whole cluster; in flight: finish",
        "next change: 2026-04-20 00:00 UTC",
        "",
      ].join("\n"),
    );
    const json = await both(...at, "--format", "json");
    expect(JSON.parse(json.out)).toMatchObject({ inForce: [{ nfz: "freeze" }] });
    expect((await both(...at, "--node", "n9")).code).toBe(2);
  });

  test("zones can be listed, and written as a calendar feed", async () => {
    const asOf = ["--as-of", String(history.length)];
    const list = await both("list", "--cluster", "alpha", "--to", "2026-05-01T00:00:00Z", ...asOf);
    expect(list.out).toMatch(/^alpha {2}freeze/);
    const feed = ["ics", "--from", "2026-04-01T00:00:00Z", "--cluster", "alpha", ...asOf];
    const { out } = await both(...feed);
    expect(out).toContain("UID:freeze.alpha.20260410T000000Z@fleetledger\r\n");
    const file = served.path("nfz.ics");
    expect((await both(...feed, "--out", file)).out).toBe("");
    expect(readFileSync(file, "utf8")).toBe(out);
  });

  test.each([
    [["declare", "x", ...window, ...said], "Give --cluster or --all-clusters"],
    [["declare", "x", "--cluster", "alpha", ...said], "Give --to, or --rrule"],
    [["declare", "x", "--cluster", "alpha", ...window, ...rule, ...said], "cannot be combined"],
    [["declare", "x", "--cluster", "alpha", ...rule, ...said], "a rule needs"],
    [["declare", "x", "--cluster", "alpha", ...window, "--actor", "a"], "Give --reason"],
    [["declare", "x", "--cluster", "alpha", ...window], "--actor"],
    [["cancel", "x", "--actor", "a"], "Give --reason"],
    [["declare", "x", "--cluster", "alpha", "--duration", "6", ...said], "such as 90m, 6h or 2d"],
  ])("%j is a usage error that says what is missing", async (args, words) => {
    const { code, said: told } = await both(...args);
    expect(code).toBe(2);
    expect(told).toContain(words);
  });
});
