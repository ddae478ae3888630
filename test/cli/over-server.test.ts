/** Commands with --server: the same as on a store, through the server that has it open. */
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { history } from "../http/app/small-app.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { readSources } from "../../src/sources/config/sources-file.ts";
import { servedLedger } from "./served-ledger.ts";

/** Two ledgers of one history: one is spoken to through its server, the other's twin has its store opened. */
let served: ServedLedger;
let twin: ServedLedger;

beforeEach(async () => {
  const lanl = JSON.parse(readFileSync("examples/lanl.map.json", "utf8")) as object;
  const sources = readSources({ sources: [{ kind: "csv", ...lanl }] });
  [served, twin] = await Promise.all([servedLedger({ sources }), servedLedger()]);
});

afterEach(async () => {
  await Promise.all([served.close(), twin.close()]);
});

const fault = String(history[3]?.["id"]);
const because = ["--actor", "env/eva", "--reason", "wrong clock"];
const ids = [1, 2, 3, 4].map((i) => `0000000${i}-1111-4111-8111-111111111111`);
const returned = {
  id: ids[0],
  type: "NodeReturned",
  occurredAt: "2026-03-21T00:00:00Z",
  data: { cluster: "alpha", node: "n2", faultIds: ["f2"] },
};

/** Stops serving the twin and lets go of its file, so that a command can write to its store. */
async function letGo(): Promise<void> {
  await twin.stop();
  await twin.ledger.close();
}

describe("a command that writes prints and answers the same over a server as on a store", () => {
  test.each<[string, string[]]>([
    ["import events", ["import", "events", "FILE", "--refused", "REFUSED"]],
    ["import events as JSON", ["import", "events", "FILE", "--format", "json"]],
    [
      "correct",
      ["correct", fault, ...because, "--id", ids[1] ?? "", "--occurred-at", "2026-03-03T00:00:00Z"],
    ],
    ["retract", ["retract", fault, ...because, "--id", ids[2] ?? ""]],
    [
      "report issue",
      ["report", "issue", "--cluster", "alpha", "--period", "2026-03", "--report", "r"],
    ],
    ["retract of what is not there", ["retract", ids[3] ?? "", ...because]],
  ])("%s", async (_, args) => {
    await letGo();
    const lines = [returned, returned, { id: ids[3], type: "NodeFaild" }];
    const given = (ledger: ServedLedger) =>
      args.map((arg) =>
        arg === "FILE"
          ? ledger.write("lines.ndjson", lines.map((line) => JSON.stringify(line)).join("\n"))
          : arg === "REFUSED"
            ? ledger.path("refused.ndjson")
            : arg,
      );
    const over = await run(...given(served), ...served.byServer);
    const on = await run(...given(twin), ...twin.byStore);
    expect([over.code, over.out]).toEqual([on.code, on.out]);
    // A problem document is told with its code.
    expect(over.said.replace(" (target-not-found)", "").replace("fleetledger: ", "")).toBe(
      on.said.replace("fleetledger: ", "").replace(/\n {2}\/data\/eventId .*\n/, "\n"),
    );
    expect(await figures(served)).toBe(await figures(twin));
  });
});

/** The report of March, as it comes out of the store now. */
async function figures({ byStore }: ServedLedger): Promise<string> {
  const { code, out } = await run(
    "report",
    "--cluster",
    "alpha",
    "--period",
    "2026-03",
    ...byStore,
  );
  expect(code).toBe(0);
  return out.replaceAll(/as of sequence \d+/g, "");
}

test("import outages sends the same events to a server as to a store", async () => {
  await letGo();
  const csv = [
    "System,nodes,nodenumz,Prob Started,Prob Fixed,Facilities,Hardware,Human Error,Network,Undetermined,Software",
    "18,4,0,5/1/2003 10:00,5/1/2003 12:00,,CPU,,,,",
    "18,4,1,5/2/2003 10:00,,,,,,,DST",
    "18,4,9,5/3/2003 10:00,5/3/2003 11:00,,,,,,DST",
    "18,4,2,5/4/2003 10:00,5/4/2003 9:00,,Disk,,,,",
  ];
  const outages = (ledger: ServedLedger, ...more: string[]) =>
    run(
      "import",
      "outages",
      ledger.write("outages.csv", csv.join("\n")),
      "--map",
      "examples/lanl.map.json",
      ...more,
    );
  const dry = await outages(served, ...served.byServer, "--dry-run", "--format", "json");
  expect(JSON.parse(dry.out)).toMatchObject({ appended: 0, refused: [{ path: "/rows/4" }] });
  const filtered = await outages(served, ...served.byServer, "--where", "System=18");
  expect(filtered).toMatchObject({ code: 2, said: expect.stringContaining("--where goes with") });
  const over = await outages(served, ...served.byServer);
  const { wouldAppend } = JSON.parse(dry.out) as { wouldAppend: number };
  expect(over.out).toContain(`\n${wouldAppend} events appended`);
  expect(over).toEqual(await outages(twin, ...twin.byStore));
  expect(over.out).toContain("4 rows\n");
  expect((await outages(served, ...served.byServer)).out).toContain("0 events appended");
  const of2003 = ["report", "--cluster", "lanl-18", "--period", "2003"];
  const report = await run(...of2003, ...served.byStore);
  expect(report.code).toBe(0);
  expect(report).toEqual(await run(...of2003, ...twin.byStore));
});

test("report issue says where the report of an unfinished period ends", async () => {
  await letGo();
  for (const ledger of [served.byServer, twin.byStore]) {
    const issue = ["report", "issue", "--cluster", "alpha", ...ledger, "--period"];
    const running = await run(...issue, "this-month");
    expect(running.code).toBe(0);
    expect(running.said).toMatch(
      /note: the period is not over; the report ends at 20\d\d-[\dT:.-]+Z/,
    );
    expect((await run(...issue, "2026-03")).said).not.toContain("not over");
  }
});

describe("a command that reads prints the same over a server as from a store", () => {
  beforeEach(async () => {
    const issue = ["report", "issue", "--cluster", "alpha", "--period", "2026-03", "--report", "r"];
    const retract = ["retract", fault, ...because];
    for (const args of [issue, retract]) {
      const { code, said } = await run(...args, ...served.byServer);
      if (code !== 0) throw new Error(said);
    }
  });

  test.each<[string, string[]]>([
    ["report", ["report", "--cluster", "alpha", "--period", "2026-03"]],
    ["report of the last month", ["report", "--cluster", "alpha", "--period", "last-month"]],
    [
      "report as of a position",
      ["report", "--cluster", "alpha", "--as-of", "9", "--format", "csv"],
    ],
    [
      "report, canonical",
      ["report", "--cluster", "alpha", "--period", "2026-W12", "--format", "json", "--canonical"],
    ],
    ["report list", ["report", "list"]],
    ["report list as JSON", ["report", "list", "--cluster", "alpha", "--format", "json"]],
    ["report list before the issue", ["report", "list", "--as-of", "12", "--format", "json"]],
    ["report restate", ["report", "restate", "r"]],
    ["report restate as JSON", ["report", "restate", "r", "--format", "json"]],
    ["report restate as CSV", ["report", "restate", "r", "--format", "csv", "--as-of", "13"]],
    ["events", ["events"]],
    [
      "events of a type, as text",
      ["events", "--type", "NodeFailed", "--cluster", "alpha", "--format", "text"],
    ],
    [
      "events in a time",
      ["events", "--since", "2026-03-05T00:00:00Z", "--until", "2026-03-20T00:00:00Z"],
    ],
    ["the last events", ["events", "--last", "3"]],
    ["the last events of a type", ["events", "--last", "1", "--type", "NodeFailed"]],
    ["events past the head", ["events", "--from", "1000"]],
  ])("%s", async (_, args) => {
    const over = await run(...args, ...served.byServer);
    const on = await run(...args, ...served.byStore);
    expect(over).toEqual(on);
    expect(over.code).toBe(0);
  });
});

describe("a server that does not answer as expected", () => {
  const events = (...more: string[]) => run("events", "--last", "1", ...more);

  test("that does not answer is reported with its address and what to check", async () => {
    await served.stop();
    const { code, said } = await events(...served.byServer);
    expect([code, said]).toEqual([
      2,
      `fleetledger: the server at ${served.url}/: nothing listens there; is \`fleetledger serve\` running, and is the port right?\n`,
    ]);
    await served.start();
  });

  test("that requires an API key, or another one, is reported with the option that gives it", async () => {
    const none = await events("--server", served.url);
    expect([none.code, none.said]).toEqual([2, expect.stringContaining("requires an API key")]);
    const file = served.write("wrong.key", "another");
    const wrong = await events("--server", served.url, "--api-key-file", file);
    expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining("check --api-key-file")]);
    expect(wrong.said).not.toContain("another");
  });

  test("that refuses a request is reported with its code and every input error", async () => {
    const args = ["correct", fault, ...because, "--data", '{"cluster":"alpha","nod":"n1"}'];
    const { code, said } = await run(...args, ...served.byServer);
    expect(code).toBe(2);
    expect(said).toContain("(invalid-event)");
    expect(said).toMatch(/\/data\/\w+ .+/);
  });

  test("that is not a ledger makes the command ask whether the address is right", async () => {
    const other = createServer((_, response) => response.end("<h1>It works</h1>"));
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const address = other.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const { code, said } = await events("--server", `http://127.0.0.1:${port}`);
    other.close();
    expect([code, said]).toEqual([2, expect.stringContaining("Is the address right?")]);
  });

  test.each([
    ["both a server and a store", ["--server", "http://127.0.0.1:1", "--store", "sqlite:x"]],
    ["an address without a scheme", ["--server", "localhost:3000"]],
    ["a key in the address", ["--server", "http://a:secret@127.0.0.1:1"]],
    ["a question in the address", ["--server", "http://127.0.0.1:1/?a=b"]],
  ])("gets no request if it is given as %s", async (_, named) => {
    const { code, said } = await events(...named);
    expect(code).toBe(2);
    expect(said).toContain("--server");
    expect(said).not.toContain("secret");
  });

  test("named in the environment yields to a store on the command line, and is refused beside a store in the environment", async () => {
    const { byStore, byServer, url } = served;
    const [, store = ""] = byStore;
    const [, , , keyFile = ""] = byServer;
    vi.stubEnv("FLEETLEDGER_SERVER", url);
    vi.stubEnv("FLEETLEDGER_API_KEY_FILE", keyFile);
    const overServer = await events();
    expect([overServer.code, overServer.out]).toEqual([0, (await events(...byStore)).out]);
    vi.stubEnv("FLEETLEDGER_SERVER", "http://127.0.0.1:1");
    expect((await events(...byStore)).code).toBe(0);
    vi.stubEnv("FLEETLEDGER_STORE", store);
    expect((await events("--server", url)).code).toBe(0);
    const both = await events();
    vi.unstubAllEnvs();
    expect([both.code, both.said]).toEqual([
      2,
      expect.stringContaining("FLEETLEDGER_STORE and FLEETLEDGER_SERVER are both set"),
    ]);
  });

  test("does not accept recorded times", async () => {
    const file = served.write("lines.ndjson", "");
    const args = ["import", "events", file, "--keep-recorded-at", ...served.byServer];
    expect((await run(...args)).said).toContain("--keep-recorded-at needs --store");
  });
});
