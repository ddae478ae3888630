import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { readSources } from "../../src/sources/config/sources-file.ts";
import { run, temporaryFolder } from "./run.ts";
import { issueKey } from "../../src/access/issue.ts";
import { servedLedger } from "./served-ledger.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

const sources = [
  { name: "slurm", kind: "slurm-events", cluster: "{Cluster}", node: "{NodeName}", zone: "UTC" },
  { name: "k8s", kind: "kubernetes", cluster: "lab", node: "{metadata.name}" },
];

const nodeOf = (name: string, status: string, time: string) => ({
  kind: "Node",
  metadata: { name },
  status: { conditions: [{ type: "Ready", status, lastTransitionTime: `2026-03-02T${time}Z` }] },
});

let ledgers = 0;

/** Writes the files; returns the options that name the ledger and the configuration. */
function prepared(files: Readonly<Record<string, string>>, configuration: object = { sources }) {
  for (const [name, text] of Object.entries(files)) writeFileSync(folder.path(name), text);
  writeFileSync(folder.path("sources.json"), JSON.stringify(configuration));
  return [
    "--store",
    `sqlite:${folder.path(`l${++ledgers}.sqlite`)}`,
    "--sources",
    folder.path("sources.json"),
  ];
}

const header = "Cluster|NodeName|TimeStart|TimeEnd|State|Reason|User";

describe("import source", () => {
  test("takes a table of Slurm and says what became of its rows", async () => {
    const rows = [
      "lab|n1|2026-03-02T10:00:00|2026-03-02T11:00:00|DOWN|Not responding|root",
      "lab|n2|2026-03-02T10:00:00|Unknown|IDLE~||root",
      "lab|n3|2026-03-02T10:00:00|Unknown|ONFIRE||root",
    ];
    const options = prepared({ "e.txt": [header, ...rows].join("\n") });
    const { code, out } = await run("import", "source", "slurm", folder.path("e.txt"), ...options);
    expect([code, out.split("\n")]).toEqual([
      1,
      [
        "3 observations",
        "2 events appended, 0 duplicates, 0 observations known already, 1 ignored, 1 refused",
        'refused /rows/3: State: "ONFIRE" is not a state of a node that is known',
        "",
      ],
    ]);
    const again = await run(
      "import",
      "source",
      "slurm",
      folder.path("e.txt"),
      ...options,
      "--format",
      "json",
    );
    expect(JSON.parse(again.out)).toMatchObject({ observations: 3, appended: 0, absorbed: 1 });
  });

  test("takes the time at which a file was written from --exported-at", async () => {
    const row = (end: string) => `${header}\nlab|n1|2026-03-02T10:00:00|${end}|DOWN||root`;
    const options = prepared({ "old.txt": row("Unknown"), "new.txt": row("2026-03-02T11:00:00") });
    const take = (file: string, at: string) =>
      run("import", "source", "slurm", folder.path(file), ...options, "--exported-at", at);
    await take("new.txt", "2026-03-03T00:00:00Z");
    expect((await take("old.txt", "2026-03-02T10:30:00Z")).out).toContain("0 events appended");
    expect((await take("old.txt", "2026-03-04T00:00:00Z")).out).toContain("1 event appended");
  });

  test("takes lines of a watch of Kubernetes", async () => {
    const lines = [
      { type: "ADDED", object: nodeOf("n1", "False", "10:00:00") },
      { type: "MODIFIED", object: nodeOf("n1", "True", "10:30:00") },
    ];
    const options = prepared({ "w.ndjson": lines.map((line) => JSON.stringify(line)).join("\n") });
    const { code, out } = await run("import", "source", "k8s", folder.path("w.ndjson"), ...options);
    expect([code, out]).toEqual([0, expect.stringContaining("2 events appended")]);
  });

  test("names a source that there is not, and faults of the configuration by JSON pointer", async () => {
    const options = prepared({ "e.txt": header });
    const unknown = await run("import", "source", "slrum", folder.path("e.txt"), ...options);
    expect([unknown.code, unknown.said]).toEqual([2, expect.stringContaining("it has slurm, k8s")]);
    const wrong = prepared({}, { sources: [{ ...sources[0], zone: undefined }] });
    const refused = await run("import", "source", "slurm", folder.path("e.txt"), ...wrong);
    expect([refused.code, refused.said]).toEqual([
      2,
      expect.stringContaining("/sources/0/zone is needed"),
    ]);
  });

  test("refuses a payload of another form, and appends nothing", async () => {
    const options = prepared({ "p.json": '{"kind": "Pod"}' });
    const { code, said } = await run("import", "source", "k8s", folder.path("p.json"), ...options);
    expect([code, said]).toEqual([2, expect.stringContaining("the body is not a Node")]);
  });
});

describe("what a payload would become", () => {
  const failed = { ...nodeOf("n1", "False", "10:00:00") };
  const good = { ...nodeOf("n1", "True", "11:00:00") };

  test("is said by --dry-run, by the ledger as it stands, and nothing is appended", async () => {
    const options = prepared({
      "a.json": JSON.stringify(failed),
      "b.json": JSON.stringify(good),
    });
    await run("import", "source", "k8s", folder.path("a.json"), ...options);
    for (let i = 0; i < 2; i++) {
      const { code, out } = await run(
        "import",
        "source",
        "k8s",
        folder.path("b.json"),
        ...options,
        "--dry-run",
      );
      expect([code, out]).toEqual([
        0,
        expect.stringContaining("2026-03-02T11:00:00.000Z NodeReturned"),
      ]);
      expect(out).toContain("1 event would be appended");
    }
  });

  test("is said by --dry-run of a ledger that is not there yet, which it does not make", async () => {
    const options = prepared({ "a.json": JSON.stringify(failed) });
    const payload = ["import", "source", "k8s", folder.path("a.json"), ...options, "--dry-run"];
    for (let i = 0; i < 2; i++) {
      const { code, out, said } = await run(...payload);
      expect([code, out]).toEqual([0, expect.stringContaining("1 event would be appended")]);
      expect(said).toContain("there is no ledger at");
    }
  });

  test("is said by --dry-run --store beside the server that has the ledger open", async () => {
    const served = await servedLedger({ sources: readSources({ sources }) });
    try {
      const [, , ...configured] = prepared({ "a.json": JSON.stringify(failed) });
      const name = [...served.byStore, ...configured, "--dry-run"];
      const { code, out } = await run("import", "source", "k8s", folder.path("a.json"), ...name);
      expect([code, out]).toEqual([0, expect.stringContaining("1 event would be appended")]);
    } finally {
      await served.close();
    }
  });

  test("is said by sources check without a ledger, and by comparison with one", async () => {
    const [, store = "", , file = ""] = prepared({ "a.json": JSON.stringify(failed) });
    const check = (...more: string[]) => run("sources", "check", file, ...more);
    const payload = ["k8s", folder.path("a.json")];
    expect((await check()).out).toContain("k8s: kubernetes, cluster lab");
    const alone = await check(...payload);
    expect([alone.code, alone.out]).toEqual([
      0,
      expect.stringContaining("2026-03-02T10:00:00.000Z NodeFailed"),
    ]);
    const name = ["--store", store, "--sources", file];
    await run("import", "source", ...payload, ...name);
    expect((await check(...payload, "--store", store)).out).toContain("0 events would be appended");
    expect((await check("k8s")).said).toContain("which payload?");
    const { out } = await check(...payload, "--format", "json");
    expect(JSON.parse(out)).toMatchObject({ events: [{ type: "NodeFailed" }] });
  });
});

describe("import source to a server", () => {
  test("sends the payload as the server's own configuration takes it", async () => {
    const served = await servedLedger({ sources: readSources({ sources }) });
    try {
      const send = (name: string, file: string, text: string, ...more: string[]) =>
        run("import", "source", name, served.write(file, text), ...served.byServer, ...more);
      const row = "lab|n1|2026-03-02T10:00:00|Unknown|DOWN||root";
      expect((await send("slurm", "e.txt", `${header}\n${row}`)).out).toContain("1 event appended");
      expect((await send("slurm", "e.txt", `${header}\n${row}`)).out).toContain(
        "0 events appended",
      );
      const list = JSON.stringify({ kind: "List", items: [nodeOf("n2", "False", "10:00:00")] });
      expect((await send("k8s", "n.json", list)).out).toContain("1 event appended");
      const bad = `${header}\nlab|n1|2026-03-02T10:00:00|Unknown|ONFIRE||root`;
      expect(await send("slurm", "f.txt", bad, "--strict")).toMatchObject({ code: 2 });
      expect((await send("none", "e.txt", header)).said).toContain('no source "none"');
    } finally {
      await served.close();
    }
  });

  test("needs no other role than that of the source, whatever the form of the payload", async () => {
    const nvs = { name: "nvs", kind: "nvsentinel", cluster: "lab", node: "{nodeName}" };
    const served = await servedLedger({ sources: readSources({ sources: [...sources, nvs] }) });
    try {
      const roles = ["source:slurm", "source:k8s", "source:nvs"];
      const granted = { name: "cron", roles, clusters: ["*"] };
      const { secret } = await issueKey(served.ledger, granted, { said: { actor: "test" } });
      const key = served.write("cron.key", `${secret}\n`);
      const watch = ["10:00:00", "10:30:00"].map((time, i) =>
        JSON.stringify({ type: "ADDED", object: nodeOf(`w${i}`, "False", time) }),
      );
      const payloads = [
        ["slurm", `${header}\nlab|n1|2026-03-02T10:00:00|Unknown|DOWN||root`],
        ["k8s", JSON.stringify(nodeOf("n2", "False", "10:00:00"), null, 2)],
        ["k8s", watch.join("\n")],
        ["nvs", JSON.stringify([])],
      ] as const;
      for (const [name, text] of payloads) {
        const file = served.write("payload", text);
        const by = ["--server", served.url, "--api-key-file", key];
        expect(await run("import", "source", name, file, ...by)).toMatchObject({ code: 0 });
      }
    } finally {
      await served.close();
    }
  });

  test("says what it would become with --dry-run, in words and as JSON, and appends nothing", async () => {
    const served = await servedLedger({ sources: readSources({ sources }) });
    try {
      const file = served.write("n.json", JSON.stringify(nodeOf("n2", "False", "10:00:00")));
      const sequence = served.ledger.sequence();
      const dry = async (...more: string[]) =>
        await run("import", "source", "k8s", file, ...served.byServer, "--dry-run", ...more);
      const { code, out } = await dry();
      expect([code, out.split("\n").slice(0, 3)]).toEqual([
        0,
        [
          "1 observation; nothing is appended",
          "1 event would be appended, 0 observations known already, 0 ignored, 0 refused",
          expect.stringMatching(/^2026-03-02T10:00:00.000Z NodeFailed \{/),
        ],
      ]);
      expect(JSON.parse((await dry("--format", "json")).out)).toMatchObject({
        appended: 0,
        wouldAppend: 1,
        events: [{ type: "NodeFailed" }],
      });
      expect(served.ledger.sequence()).toBe(sequence);
    } finally {
      await served.close();
    }
  });
});
