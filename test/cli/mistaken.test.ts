/** What the command line says of mistakes in what it is given, and that a mistake leaves no ledger behind. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { columnsOfMap } from "../../src/sources/config/outage-map.ts";
import { forgetAddress, noteAddress } from "../../src/cli/options/serving-address.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { run, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

function write(name: string, text: string): string {
  const path = folder.path(name);
  writeFileSync(path, text);
  return path;
}

const lanlMap = "examples/lanl.map.json";
const commissioned = {
  id: "00000000-0000-4000-8000-000000000001",
  type: "NodeCommissioned",
  occurredAt: "2026-01-01T00:00:00Z",
  data: { cluster: "c", node: "n" },
};

describe("serve at an address where it cannot listen", () => {
  test.for([
    ["999.1.1.1", "name"],
    ["192.0.2.1", "this machine does not have that address"],
  ] as const)("at %s says why, exits with 2 and creates no ledger", async ([host, words]) => {
    const path = folder.path(`serve-${host}.sqlite`);
    const { code, said } = await run("serve", "--store", `sqlite:${path}`, "--host", host);
    expect(code).toBe(2);
    expect(said).toContain(`cannot serve at ${host}, port 3000: `);
    expect(said).toMatch(new RegExp(`${words}.*; choose another --host`));
    expect(said).not.toContain("internal error");
    expect(existsSync(path)).toBe(false);
  });

  test("at a port in use says so, exits with 2 and creates no ledger", async () => {
    const other = createServer();
    other.listen({ host: "127.0.0.1", port: 0 });
    await once(other, "listening");
    const taken = (other.address() as { port: number }).port;
    const path = folder.path("taken.sqlite");
    const { code, said } = await run("serve", "--store", `sqlite:${path}`, "--port", `${taken}`);
    other.close();
    expect(code).toBe(2);
    expect(said).toContain("choose another --port");
    expect(existsSync(path)).toBe(false);
  });
});

describe("serve with a wrong setting for its clients", () => {
  afterEach(() => vi.unstubAllEnvs());

  test.for([
    ["two words", "without blanks"],
    ["schl\u00fcssel", "use ASCII letters, digits and punctuation"],
    ["", "is empty"],
  ] as const)(
    "with the key %j says what a key may contain, exits with 2 and creates no ledger",
    async ([key, words]) => {
      vi.stubEnv("FLEETLEDGER_API_KEY", key);
      const path = folder.path("keyed.sqlite");
      const { code, said } = await run("serve", "--store", `sqlite:${path}`, "--port", "0");
      expect([code, said]).toEqual([2, expect.stringContaining(words)]);
      expect(existsSync(path)).toBe(false);
    },
  );

  test("with an allowed host written as a URL says how hosts are written, and exits with 2", async () => {
    const path = folder.path("named.sqlite");
    const names = "a.example,https://b.example";
    const { code, said } = await run(
      "serve",
      "--store",
      `sqlite:${path}`,
      "--allowed-hosts",
      names,
    );
    expect(code).toBe(2);
    expect(said).toContain('"https://b.example" is not a host name');
    expect(said).toContain("without https://");
    expect(existsSync(path)).toBe(false);
  });
});

describe("importing a file that cannot be imported", () => {
  test("as events names a missing file or a folder, says why, and creates no ledger", async () => {
    const path = folder.path("events.sqlite");
    const aFolder = folder.path("a-folder");
    mkdirSync(aFolder);
    for (const [file, words] of [
      [folder.path("nope.ndjson"), "no such file or folder"],
      [aFolder, "it is a folder"],
    ] as const) {
      const { code, said } = await run("import", "events", file, "--store", `sqlite:${path}`);
      expect(code).toBe(2);
      expect(said).toContain(`${file}: ${words}`);
    }
    expect(existsSync(path)).toBe(false);
  });

  test("as outages names a missing file or a folder, says why, and creates no ledger", async () => {
    const path = folder.path("outages.sqlite");
    for (const [file, words] of [
      [folder.path("nope.csv"), "no such file or folder"],
      [folder.path("a-folder"), "it is a folder"],
    ] as const) {
      const args = ["--map", lanlMap, "--store", `sqlite:${path}`];
      const { code, said } = await run("import", "outages", file, ...args);
      expect(code).toBe(2);
      expect(said).toContain(`${file}: ${words}`);
    }
    expect(existsSync(path)).toBe(false);
  });

  test("as outages names what is wrong with a map, member by member", async () => {
    const file = write("rows.csv", "N,S\n");
    const map = write("map.json", JSON.stringify({ name: "X", row: [], node: 5, foo: 1 }));
    const store = `sqlite:${folder.path("unmapped.sqlite")}`;
    const { code, said } = await run("import", "outages", file, "--map", map, "--store", store);
    expect(code).toBe(2);
    for (const line of [
      '/name must be lower-case letters, digits and hyphens, not "X"',
      "/row must not be empty",
      "/node must be of type string, not 5",
      "/start is missing",
      "/foo is not a field of this type",
    ])
      expect(said).toContain(line);
  });

  test("as outages names a filter that leaves out every row, and creates no ledger", async () => {
    const map = JSON.parse(readFileSync(lanlMap, "utf8"));
    const columns = [...columnsOfMap(map), "System"];
    const file = write("log.csv", `${[...new Set(columns)].join(",")}\n`);
    const path = folder.path("filtered.sqlite");
    const args = ["--map", lanlMap, "--store", `sqlite:${path}`, "--where"];
    const { code, said } = await run("import", "outages", file, ...args, "System=99");
    expect(code).toBe(2);
    expect(said).toContain(`${file} has no rows with System=99`);
    const mistyped = await run("import", "outages", file, ...args, "Sistem=18");
    expect(mistyped).toMatchObject({ code: 2 });
    expect(mistyped.said).toContain('has no column "Sistem"');
    expect(existsSync(path)).toBe(false);
  });

  test("with recorded times names the option that keeps them", async () => {
    const line = JSON.stringify({ ...commissioned, recordedAt: commissioned.occurredAt });
    const file = write("kept.ndjson", `${line}\n`);
    const store = `sqlite:${folder.path("kept.sqlite")}`;
    const { code, said } = await run("import", "events", file, "--store", store);
    expect(code).toBe(1);
    expect(said).toContain("--keep-recorded-at");
  });
});

describe("a store whose files cannot be opened", () => {
  test("for writing is named, and the command exits with 2", async () => {
    const path = folder.path("no-such-folder/x.sqlite");
    const file = write("one.ndjson", `${JSON.stringify(commissioned)}\n`);
    const { code, said } = await run("import", "events", file, "--store", `sqlite:${path}`);
    expect(code).toBe(2);
    expect(said).toContain(`The ledger cannot be opened: ${path}`);
    expect(said).not.toContain("internal error");
  });

  test("for writing, in a folder that is read-only, can still be read", async () => {
    const path = folder.path("still.sqlite");
    const file = write("two.ndjson", `${JSON.stringify(commissioned)}\n`);
    await run("import", "events", file, "--store", `sqlite:${path}`);
    // A folder in the place of the file that readers and writers share: as good as no permission, for root too.
    mkdirSync(`${path}-shm`);
    const { code, out } = await run("events", "--store", `sqlite:${path}`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ sequence: 1, type: "NodeCommissioned" });
  });
});

describe("a store that is not a ledger", () => {
  test.for(["garbage", "folder"])(
    "such as a %s is named as invalid input, and the command exits with 2",
    async (kind) => {
      const path = folder.path(`store-${kind}`);
      if (kind === "folder") mkdirSync(path);
      else writeFileSync(path, "this is no database, whatever its name says\n".repeat(100));
      const { code, said } = await run("report", "--store", `sqlite:${path}`, "--cluster", "c");
      expect(code).toBe(2);
      expect(said).toContain(path);
      expect(said).not.toContain("internal error");
    },
  );
});

describe("a report in an unknown time zone", () => {
  test("is refused and suggests the zone that may be meant, with or without a period", async () => {
    const store = `sqlite:${folder.path("zone.sqlite")}`;
    await run(
      "import",
      "events",
      write("zone.ndjson", JSON.stringify(commissioned)),
      "--store",
      store,
    );
    for (const more of [[], ["--period", "2026-01"]]) {
      const asked = [
        "report",
        "--store",
        store,
        "--cluster",
        "c",
        "--zone",
        "Europe/Berln",
        ...more,
      ];
      const { code, said } = await run(...asked);
      expect(code).toBe(2);
      expect(said).toContain('"Europe/Berln". Did you mean Europe/Berlin?');
      expect(said).not.toContain("empty");
    }
  });
});

describe("a ledger that another process is writing to", () => {
  test("makes the command name that server's address and say what to do", async () => {
    const store = `sqlite:${folder.path("locked.sqlite")}`;
    const holder = await openLedger({ store, mode: "write" });
    const file = write("locked.ndjson", JSON.stringify(commissioned));
    const general = await run("import", "events", file, "--store", store);
    expect(general.code).toBe(2);
    expect(general.said).toContain("with --server http://HOST:PORT instead of --store");
    noteAddress(store, "http://127.0.0.1:3210");
    const named = await run("import", "events", file, "--store", store);
    expect(named.said).toContain("the server at http://127.0.0.1:3210/");
    expect(named.said).toContain("with --server http://127.0.0.1:3210 instead of --store");
    forgetAddress(store);
    expect((await run("import", "events", file, "--store", store)).said).toBe(general.said);
    await holder.close();
  });
});
