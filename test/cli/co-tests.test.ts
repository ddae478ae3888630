/** `fleetledger co-test`, `rollout plan`, `rollout impact` and `whatif`: the same of a store and over its server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

const day = (date: number, hour = 0) =>
  `2026-04-${String(date).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00Z`;
const member = (node: string) =>
  anEvent({ type: "NodeCommissioned", occurredAt: day(1), data: { cluster: "gamma", node } });
const submitted = (rollout: string, component: string, more: object = {}) =>
  anEvent({
    type: "RolloutSubmitted",
    occurredAt: day(2),
    data: {
      cluster: "gamma",
      rollout,
      updates: [{ component, version: "2" }],
      impact: { kind: "impactful", secondsPerNode: 60 },
      urgency: "routine",
      ...more,
    },
  });
const fact = (type: string, occurredAt: string, data: object) =>
  anEvent({ type, occurredAt, data: { cluster: "gamma", ...data } });

const events = [
  ...["g1", "g2"].map(member),
  fact("SlaPolicySet", day(1), {
    nisTarget: 0.5,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 0,
    excludeUnknown: false,
    zone: "UTC",
  }),
  submitted("bios-2", "bios"),
  submitted("driver-2", "driver"),
  submitted("nic-2", "nic", { targets: { nodes: ["g2"] } }),
  submitted("done", "pdu", { impact: { kind: "impactless" }, targets: { nodes: ["g1"] } }),
  fact("RolloutStarted", day(3), { rollout: "done" }),
  fact("NodeMaintenanceStarted", day(3, 1), { node: "g1", maintenanceId: "m", rolloutId: "done" }),
  fact("NodeMaintenanceEnded", day(3, 3), { node: "g1", maintenanceId: "m", rolloutId: "done" }),
  fact("RolloutCompleted", day(3, 4), { rollout: "done" }),
  submitted("held", "psu"),
  fact("NfzDeclared", day(4), {
    nfz: "launch",
    occurrences: [{ from: day(5), to: day(7) }],
    inFlight: "finish",
  }),
  fact("RolloutBlocked", day(6), { rollout: "held", nfzIds: ["launch"] }),
  fact("RolloutUnblocked", day(7), { rollout: "held" }),
  fact("RolloutStarted", day(7, 1), { rollout: "held" }),
  fact("RolloutCompleted", day(7, 2), { rollout: "held" }),
];

let served: ServedLedger;

beforeAll(async () => {
  served = await servedLedger();
  const refused = (await served.ledger.submit(events)).filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
});
afterAll(() => served.close());

const gamma = ["--cluster", "gamma"];
const at = ["--at", "2026-04-15T12:00:01Z"];

/** Of the store and over the server: both must say the same. */
async function both(...args: string[]): Promise<string> {
  const byStore = await run(...args, ...served.byStore);
  const byServer = await run(...args, ...served.byServer);
  expect([byStore.code, byStore.out]).toEqual([0, byServer.out]);
  return byStore.out;
}

describe("co-test", () => {
  const said = ["--actor", "env/ann"];
  const record = async (...args: string[]) =>
    await run("co-test", "record", ...args, ...gamma, ...said, ...served.byServer);

  test("coverage lists pairs that were never tested, next what to test", async () => {
    const coverage = await both("co-test", "coverage", ...gamma, ...at);
    expect(coverage).toBe(
      [
        "3 queued, pairs: 0 passed, 0 failed, 3 never tested, 0 conflicting, coverage 0.000000 %",
        "  never  bios-2    driver-2",
        "  never  bios-2    nic-2",
        "  never  driver-2  nic-2",
        "",
      ].join("\n"),
    );
    expect(await both("co-test", "next", ...gamma, ...at)).toBe(
      [
        "1 co-test covers 3 pairs; at least 1 is needed",
        "  1  bios-2, driver-2, nic-2  bios 2, driver 2, nic 2",
        "",
      ].join("\n"),
    );
    const smaller = await both("co-test", "next", "--max-bundle", "2", ...gamma, ...at);
    expect(smaller).toContain("3 co-tests cover 3 pairs; at least 3 are needed\n");
  });

  test("record records a result by rollouts or updates, and coverage counts it", async () => {
    const passed = await record("t-1", "--passed", "--rollout", "bios-2", "driver-2");
    expect([passed.code, passed.out]).toEqual([
      0,
      expect.stringMatching(/^t-1 of bios 2, driver 2 \(at sequence \d+\)\n$/),
    ]);
    const failed = await record("t-2", "--failed", "--update", "bios=2", "nic=2");
    expect([failed.code, failed.out]).toEqual([0, expect.stringMatching(/^t-2 of bios 2, nic 2/)]);
    const coverage = await both("co-test", "coverage", ...gamma, ...at);
    expect(coverage).toMatch(
      /1 passed, 1 failed, 1 never tested, 0 conflicting, coverage 33\.333333 %/,
    );
    const only = await both("co-test", "coverage", "--status", "failed", ...gamma, ...at);
    expect(only.split("\n").slice(1)).toEqual(["  failed  bios-2  nic-2", ""]);
  });

  test.each([
    ["neither result", ["t"], /give --passed or --failed/],
    ["both results", ["t", "--passed", "--failed", "--update", "bios=2"], /cannot be used with/],
    ["an update without a version", ["t", "--passed", "--update", "bios"], /COMPONENT=VERSION/],
    ["no updates", ["t", "--passed"], /give --update or --rollout/],
    ["an unknown rollout", ["t", "--passed", "--rollout", "none"], /none/],
  ])("record with %s is refused with exit code 2", async (_name, args, words) => {
    const { code, said: why, out } = await record(...args);
    expect([code, out, why]).toEqual([2, "", expect.stringMatching(words)]);
  });

  test.each(["coverage", "next"])("%s needs a cluster", async (word) => {
    const { code, said: why } = await run("co-test", word, ...served.byServer);
    expect([code, why]).toEqual([2, expect.stringContaining("--cluster")]);
  });
});

test("rollout start is held with exit code 3 until its companion passed a test with it", async () => {
  const policy = fact("RolloutPolicySet", day(10), {
    coTest: "companions",
    overrideRoles: ["approver"],
    overrideMaxMs: 86_400_000,
    fastPath: false,
    fastPathPasses: 1,
    fastPathNodeDays: 100,
    imminentMs: 0,
    maintenanceMaxMs: 86_400_000,
    impactWindowMs: 604_800_000,
    maxBundle: 4,
  });
  const gate = ["waits", "runs"].map((rollout, i) =>
    submitted(rollout, `gate-${i}`, { targets: { nodes: ["g9"] } }),
  );
  const running = fact("RolloutStarted", day(9), { rollout: "runs" });
  await served.ledger.submit([policy, ...gate, running]);
  const start = async () =>
    await run("rollout", "start", "waits", "--actor", "env/ann", ...served.byServer);
  const held = await start();
  expect([held.code, held.out]).toEqual([3, ""]);
  expect(held.said).toMatch(/runs/);
  const tested = ["gate-0=2", "gate-1=2"].flatMap((update) => ["--update", update]);
  const said = [...gamma, "--actor", "env/ann", "--occurred-at", day(14)];
  await run("co-test", "record", "t-3", "--passed", ...tested, ...said, ...served.byServer);
  const started = await start();
  expect([started.code, started.out]).toEqual([0, expect.stringMatching(/in-progress/)]);
});

test("rollout plan puts failed pairs into different waves, and says what each takes", async () => {
  const plan = await both("rollout", "plan", ...gamma, ...at);
  const [head, ...waves] = plan.split("\n");
  expect(head).toBe("2 of 2 nodes in service, target 50.000000 %: 1 may be out at once");
  const columns = waves.map((line) => line.trim().split(/ {2,}/));
  expect(columns.slice(0, 2).map((row) => [row[0], row[1], row.at(-1)])).toEqual([
    ["wave 1", "2 nodes in 2 batches", "bios-2, driver-2"],
    ["wave 2", "1 node in 1 batch", "nic-2"],
  ]);
  expect(plan).toMatch(/0 stops of jobs, 5 min 00 s of node-time; .* left in the month's error/);
});

test("rollout impact says what was declared, what was found, and by which events", async () => {
  const impact = await both("rollout", "impact", "done", ...gamma, ...at);
  for (const line of [
    /^done\n/,
    /declared +impactless\n/,
    /verdict +missed: it took nodes out of service\n/,
    /treated +1 of 1 nodes\n/,
    /out of service +2\.0 node-h, 2 h 00 min per treated node\n/,
    /families\n +pdu +has lost the fast path +this version missed before\n/,
    /other rollouts in its windows\n +held +2026-04-07 01:00 UTC/,
    /evidence\n +maintenance +2026-04-03T01:00:00.000Z +g1 /,
  ])
    expect(impact).toMatch(line);
  const json = await both("rollout", "impact", "done", ...gamma, ...at, "--format", "json");
  expect(JSON.parse(json)).toMatchObject({ verdict: "missed", reasons: ["out-of-service"] });
});

test("rollout impact is shown of a rollout that is called ..", async () => {
  await served.ledger.submit([submitted("..", "fan")]);
  expect(await both("rollout", "impact", "..", ...gamma)).toMatch(/^\.\.\n/);
});

describe("whatif", () => {
  const period = [...gamma, "--period", "2026-04", "--zone", "UTC"];
  const whatIf = async (text: string, ...more: string[]) =>
    await both("whatif", "--nfz", served.write("zones.json", text), ...period, ...more);
  const zone = {
    nfz: "short",
    inFlight: "finish",
    reason: "a shorter launch",
    occurrences: [{ from: day(5), to: day(6, 6) }],
  };

  test("of no zones shows beside what was that nothing would have been blocked", async () => {
    for (const text of ["", "[]"]) {
      const lines = await whatIf(text);
      expect(lines).toMatch(/^gamma 2026-04\n +actual +what if\n/);
      expect(lines).toMatch(/in force +2 d 00 h +0 s\n/);
      expect(lines).toMatch(/blocked +24 h 00 min +0 s\n/);
      expect(lines).toMatch(/thaws +1 +0\n/);
    }
  });

  test("of a shorter zone shows a shorter wait; nothing is recorded", async () => {
    const before = served.ledger.sequence();
    for (const stated of [zone, [zone]]) {
      const lines = await whatIf(JSON.stringify(stated));
      expect(lines).toMatch(/in force +2 d 00 h +30 h 00 min\n/);
      expect(lines).toMatch(/blocked +24 h 00 min +6 h 00 min\n/);
    }
    const json = JSON.parse(await whatIf(JSON.stringify(zone), "--format", "json")) as object;
    expect(json).toMatchObject({
      actual: { blockedMs: 86_400_000 },
      whatIf: { blockedMs: 21_600_000 },
    });
    expect(served.ledger.sequence()).toBe(before);
  });

  test.each([
    ["a file that is no JSON", "{", /wrong\.json: .* is not well-formed JSON/],
    ["a zone that says a thing twice", '[{"nfz":"a","nfz":"b"}]', /\/0\/nfz appears twice/],
    ["a text", '"launch"', /must contain a list of declarations/],
    ["a zone without occurrences", '[{"nfz":"z"}]', /occurrences|inFlight|reason/],
  ])("of %s is refused with exit code 2", async (_name, text, words) => {
    const file = served.write("wrong.json", text);
    const { code, said } = await run("whatif", "--nfz", file, ...period, ...served.byServer);
    expect([code, said]).toEqual([2, expect.stringMatching(words)]);
  });
});
