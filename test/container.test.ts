/** The files from which containers are made: what can be known of them without an engine. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly group_add?: readonly string[];
}

const compose = parse(read("docker-compose.yml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
/** Runs once and ends. */
const isJob = (name: string): boolean => name === "certificates";
const lasting = services.filter(([name]) => !isJob(name));

/** In the place of the programs that the job calls: one makes a file with a number that no other has, and one only notes what it is told. */
const programs: Readonly<Record<string, string>> = {
  "es-gencert-cli": `#!/bin/bash
echo "$1" >> "$NOTES/made"
while [ "$1" != "-out" ]; do shift; done
mkdir -p "$2"
case "$2" in ./ca) files="ca.crt ca.key" ;; *) files="node.crt node.key" ;; esac
for file in $files; do echo "$RANDOM $RANDOM $RANDOM" > "$2/$file"; done
chmod 600 "$2"/*
`,
  chown: '#!/bin/bash\necho "$*" >> "$NOTES/owners"\n',
};

/** Runs what the job runs, with its folders under one of the test's own. */
function certificatesMade(folder = mkdtempSync(join(tmpdir(), "certificates-")), renew = "") {
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "certs"), { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const { command = [] } = compose.services["certificates"] ?? {};
  // Compose reads $$ as $.
  const script = (command[0] ?? "")
    .replaceAll("$$", "$")
    .replaceAll("/for-", `${folder}/for-`)
    .replaceAll("cd /certs", `cd ${folder}/certs`);
  const env = { PATH: `${bin}:${process.env["PATH"]}`, NOTES: folder, RENEW: renew };
  execFileSync("bash", ["-c", script], { env });
  const noted = (name: string): string[] =>
    readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  return {
    folder,
    made: noted("made"),
    owners: noted("owners"),
    read: (path: string): string => readFileSync(join(folder, path), "utf8"),
  };
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe("docker-compose.yml", () => {
  test.each(services)("pins the image of %s, or builds it", (_, { image, build }) => {
    expect(build === "." || /:\d+\.\d+\.\d+$/.test(image ?? "")).toBe(true);
  });

  test.each(lasting)("restarts %s whenever it ends", (_, { restart }) => {
    expect(restart).toBe("unless-stopped");
  });

  test.each(lasting)("has a health check for %s", (_, { build, healthcheck }) => {
    // Of what is built here the Dockerfile says it.
    const own = build === "." ? /^HEALTHCHECK /m.test(read("Dockerfile")) : false;
    expect(own || (healthcheck?.test.length ?? 0) > 1).toBe(true);
  });

  test.each(services)(
    "runs %s in one profile, together with everything it waits for",
    (_, service) => {
      expect(service.profiles).toHaveLength(1);
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services[name]?.profiles).toEqual(service.profiles);
        expect(condition).toBe(isJob(name) ? "service_completed_successfully" : "service_healthy");
      }
    },
  );

  test.each(services)(
    "mounts into %s only declared volumes or files that exist",
    (_, { volumes = [] }) => {
      for (const volume of volumes) {
        const [source = ""] = volume.split(":");
        const isFile = /^[./]/.test(source);
        expect(
          isFile ? existsSync(join(root, source)) : Object.hasOwn(compose.volumes, source),
        ).toBe(true);
      }
    },
  );

  test.each(services)("publishes the ports of %s only on loopback", (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test("gives the nodes of the cluster and the ledgers the names of its services", () => {
    const nodes = services.map(([name]) => name).filter((name) => name.startsWith("node"));
    expect(nodes).toHaveLength(3);
    for (const node of nodes) {
      const environment = compose.services[node]?.environment ?? {};
      const others = nodes.filter((name) => name !== node).map((name) => `${name}:2113`);
      expect(environment["KURRENTDB_GOSSIP_SEED"]?.split(",")).toEqual(others);
      expect(environment["KURRENTDB_NODE_HOST_ADVERTISE_AS"]).toBe(node);
      expect(environment["KURRENTDB_CLUSTER_SIZE"]).toBe(String(nodes.length));
    }
    for (const ledger of ["ledger1", "ledger2"]) {
      const store = compose.services[ledger]?.environment?.["FLEETLEDGER_STORE"];
      expect(store).toContain(`@${nodes.map((name) => `${name}:2113`).join(",")}?tls=true`);
    }
  });

  test.each(["node1", "node2", "node3"])(
    "lets %s read its certificate and key through a group, whatever user its image runs as, and lets nobody else",
    (node) => {
      const { folder, owners } = certificatesMade();
      const files = ["ca/ca.crt", "node/node.crt", "node/node.key"];
      for (const file of files) {
        expect(modeOf(join(folder, `for-${node}`, file)), file).toBe(0o640);
      }
      for (const path of ["", "ca", "node"]) {
        expect(modeOf(join(folder, `for-${node}`, path)), path).toBe(0o750);
      }
      const [group] = compose.services[node]?.group_add ?? [];
      expect(owners).toContain(`-R 0:${group} ${join(folder, `for-${node}`)}`);
    },
  );

  test("lets the ledgers, which have no key of their own there, read the authority's certificate", () => {
    const { folder } = certificatesMade();
    expect(modeOf(join(folder, "for-clients/ca/ca.crt")) & 0o444).toBe(0o444);
  });

  test("makes certificates once, and again for newly named nodes, under the same authority", () => {
    const first = certificatesMade();
    const before = first.read("for-node1/node/node.key");
    const again = certificatesMade(first.folder);
    expect(again.read("for-node1/node/node.key")).toBe(before);
    const renewed = certificatesMade(first.folder, "node1 node2");
    expect(renewed.read("for-node1/node/node.key")).not.toBe(before);
    expect(renewed.read("for-node3/node/node.key")).toBe(first.read("for-node3/node/node.key"));
    expect(renewed.read("for-node1/ca/ca.crt")).toBe(first.read("for-node3/ca/ca.crt"));
    expect(renewed.made).toEqual(["create-ca", ...Array.from({ length: 5 }, () => "create-node")]);
  });

  test.each(["fleetledger", "ledger1", "ledger2"])(
    "gives %s the keys in ./keys read-only, and starts it without any",
    (name) => {
      const { environment = {}, volumes } = compose.services[name] ?? {};
      // No value here: it is passed on from where compose runs, or is not there.
      expect(environment).toMatchObject({ FLEETLEDGER_KEY_FILE: null, FLEETLEDGER_SEAL_TO: null });
      expect(volumes).toContain("./keys:/keys:ro");
    },
  );

  test("keeps keys out of the repository and of the image", () => {
    expect(read("keys/.gitignore").split("\n")).toEqual(
      expect.arrayContaining(["*", "!.gitignore"]),
    );
    expect(read(".dockerignore").split("\n")).toContain("keys");
  });

  test("takes its settings from a file that is in neither, and has an example of each setting", () => {
    expect(read(".gitignore").split("\n")).toContain("/.env");
    expect(read(".dockerignore").split("\n")).toContain(".env");
    expect(existsSync(join(root, ".env.example"))).toBe(true);
    const example = read(".env.example");
    expect(example).toMatch(/^COMPOSE_PROFILES=single$/m);
    const asked = [
      ...read("docker-compose.yml").matchAll(/\$\{([A-Z_]+)[:}]|^ {2}(FLEETLEDGER_\w+):$/gm),
    ].map(([, first, second]) => first ?? second ?? "");
    expect(asked.length).toBeGreaterThan(5);
    for (const name of asked) expect(example).toMatch(new RegExp(`^#?${name}=`, "m"));
  });
});

describe("the Dockerfile", () => {
  const lines = read("Dockerfile").split("\n");
  const copied = lines
    .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
    .flatMap((line) => line.split(" ").slice(1, -1));

  test("copies only files that exist and that .dockerignore does not exclude", () => {
    const ignored = new Set(read(".dockerignore").split("\n"));
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(ignored.has(path), path).toBe(false);
    }
  });

  test("copies everything the program needs to start", () => {
    const { bin } = createRequire(import.meta.url)("../package.json") as {
      bin: Record<string, string>;
    };
    const [folder] = (bin["fleetledger"] ?? "").split("/");
    expect(copied).toEqual(expect.arrayContaining([folder, "src", "projections", "package.json"]));
    expect(lines.find((line) => line.startsWith("ENTRYPOINT"))).toContain(bin["fleetledger"]);
  });

  test("has a health check that needs no key", () => {
    const check = lines.find((line) => line.includes("fetch("));
    expect(check).toContain("fetch('http://127.0.0.1:3000/livez').then");
  });

  test("runs as a user without privileges, on a version of Node that the program accepts", () => {
    expect(lines).toContain("USER node");
    const versions = lines.flatMap((line) => /^FROM node:(\d+)/.exec(line)?.[1] ?? []);
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(Number(version)).toBeGreaterThanOrEqual(24);
  });
});
