import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { run, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

const sources = [
  { name: "slurm", kind: "slurm-events", cluster: "{Cluster}", node: "{NodeName}", zone: "UTC" },
  { name: "k8s", kind: "kubernetes", cluster: "lab", node: "{metadata.name}" },
];

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
    expect((await take("old.txt", "2026-03-04T00:00:00Z")).out).toContain("1 events appended");
  });

  test("takes lines of a watch of Kubernetes", async () => {
    const node = (status: string, time: string) => ({
      kind: "Node",
      metadata: { name: "n1" },
      status: {
        conditions: [{ type: "Ready", status, lastTransitionTime: `2026-03-02T${time}Z` }],
      },
    });
    const lines = [
      { type: "ADDED", object: node("False", "10:00:00") },
      { type: "MODIFIED", object: node("True", "10:30:00") },
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

describe("import cloudevents", () => {
  test("takes a batch, and says what became of each event", async () => {
    const event = {
      specversion: "1.0",
      id: "1",
      source: "/s",
      type: "io.fleetledger.NodeFailed",
      time: "2026-03-02T10:00:00Z",
      data: { cluster: "lab", node: "n1", faultId: "f1", category: "hardware" },
    };
    const options = prepared({
      "b.json": JSON.stringify([event, event, { ...event, id: "2", time: null }]),
    });
    const { code, out } = await run("import", "cloudevents", folder.path("b.json"), ...options);
    expect([code, out.split("\n")]).toEqual([
      1,
      [
        "event 1: appended",
        "event 2: duplicate",
        "event 3: refused: invalid CloudEvent: /time is needed: the ledger invents no instant",
        "",
      ],
    ]);
  });
});
