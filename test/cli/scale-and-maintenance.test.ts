/** `fleetledger scale` and `maintenance`: the same words, answers and exit codes on a store and over its server. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Outcome } from "./run.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

const said = ["--actor", "env/ann", "--reason", "a new power supply"];
const alpha = ["--cluster", "alpha"];
const instant = ["--at", "2026-04-15T12:00:00Z"];

/** The ledger of the short history: n1 is free, n2 is down, and a zone is in force. */
let served: ServedLedger;
beforeAll(async () => {
  served = await servedLedger();
});
afterAll(() => served.close());

const over = async (...args: string[]): Promise<Outcome> => await run(...args, ...served.byServer);

test("scale check says the same on a store and over a server, and exits with 3 if the node is held", async () => {
  for (const [node, code, words] of [
    ["n1", 0, "n1 is schedulable\n"],
    ["n2", 3, "n2 is not schedulable: down; until when is not known\n"],
  ] as const) {
    const args = ["scale", "check", node, ...alpha, ...instant];
    const outcome = await over(...args);
    expect([outcome.code, outcome.out]).toEqual([code, words]);
    const onStore = await run(...args, ...served.byStore);
    expect([onStore.code, onStore.out]).toEqual([code, words]);
  }
  expect((await over("scale", "check", "n1")).code).toBe(2);
});

test("scale request says which nodes are held, and exits with 3 unless all are allowed", async () => {
  const held = await over("scale", "request", ...alpha, "--nodes", "n[1-2]", ...said);
  expect([held.code, held.out]).toEqual([
    3,
    "not allowed: 1 of 2 nodes\n  n2  down  until when is not known\n",
  ]);
  const free = await over(
    "scale",
    "request",
    ...alpha,
    "--nodes",
    "n1",
    ...said,
    "--format",
    "json",
  );
  expect([free.code, (JSON.parse(free.out) as { allowed: boolean }).allowed]).toEqual([0, true]);
});

test("scale request for no node at all is no yes: it exits with 2, and says what to give", async () => {
  const nothing = await over("scale", "request", ...alpha, ...said);
  expect([nothing.code, nothing.said]).toEqual([
    2,
    expect.stringContaining("give --nodes, --rack or --sku"),
  ]);
  const nobody = await over("scale", "request", ...alpha, "--rack", "none", ...said);
  expect([nobody.code, nobody.out]).toEqual([
    2,
    "no node is meant: no member is in all that was given\n",
  ]);
});

test("maintenance is announced, refused inside a zone with exit code 3, let through by a role, and ended", async () => {
  const psu = (word: string, ...args: string[]) =>
    over("maintenance", word, "psu", ...alpha, ...args, ...said);
  const window = ["--from", "2026-04-15T13:00:00Z", "--to", "2026-04-15T15:00:00Z"];
  const announced = await psu("announce", "--nodes", "n1", "n9", ...window);
  expect([announced.code, announced.out]).toEqual([
    0,
    "psu: 1 recorded, 1 with nothing to do, 0 refused\n  n9  not-a-member\n",
  ]);
  const refused = await psu("start");
  expect([refused.code, refused.said]).toEqual([3, expect.stringContaining("freeze")]);
  // n2 is down, so that the zone does not hold it.
  const some = await psu("start", "--nodes", "n1", "n2");
  expect([some.code, some.out]).toEqual([
    3,
    "psu: 1 recorded, 0 with nothing to do, 1 refused\n  n1  nfz-in-force  freeze\n",
  ]);
  expect((await psu("start", "--role", "approver")).code).toBe(0);
  const overdue = await over("maintenance", "overdue", "--at", "2026-04-17T00:00:00Z");
  expect(overdue.out).toMatch(
    /^2 overdue\n +alpha n1 +psu +planned until 2026-04-15 15:00 UTC .*\n +alpha n2 +psu +never announced /,
  );
  expect((await psu("end")).out).toBe("psu: 2 recorded, 0 with nothing to do, 0 refused\n");
});

test("a node and a maintenance may be called .. over a server, too", async () => {
  const check = await over("scale", "check", "..", ...alpha);
  expect([check.code, check.out]).toEqual([
    3,
    ".. is not schedulable: not-a-member; until when is not known\n",
  ]);
  const end = await over("maintenance", "end", "..", ...alpha, ...said);
  expect([end.code, end.out]).toEqual([0, "..: no node is meant, so nothing was recorded\n"]);
});
