/** A start against a store that does not let the ledger in, or is not there: said at once, and ended where no wait mends it. */
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { storeStartMs } from "../../src/limits/kurrentdb.ts";
import { openKurrentDbStore } from "../../src/store/kurrentdb/kurrentdb.ts";
import { makeCertificates, whyNoCertificates } from "./certificates.ts";
import { freshFolder, ledgerOn, until } from "./ledger-on-server.ts";
import type { RunningServer } from "./server.ts";
import { freePort, sayWhySkipped, startServer, whyNoExecutable } from "./server.ts";

const why = whyNoExecutable ?? whyNoCertificates;
sayWhySkipped(why);

let server: RunningServer;
let good: string;
let other: string;

/** What a start says, and how it ends. */
function starting(url: string, mode: "read" | "write" = "write") {
  const said: string[] = [];
  const opening = openKurrentDbStore({
    name: ledgerOn(url).name(freshFolder()),
    mode,
    say: (text) => void said.push(text),
  });
  return { said, opening };
}

/** The message of a start that fails long before the patience with a store that is away ends. */
async function failureOf(url: string): Promise<string> {
  const begunAt = performance.now();
  const { opening } = starting(url);
  await expect(opening).rejects.toMatchObject({ code: "store-unavailable" });
  expect(performance.now() - begunAt).toBeLessThan(storeStartMs / 2);
  return await opening.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
}

describe.skipIf(why !== null)("a start against a store with TLS", () => {
  beforeAll(async () => {
    const folders = ["good", "other"].map((name) =>
      mkdtempSync(join(tmpdir(), `fleetledger-${name}-`)),
    );
    for (const folder of folders) makeCertificates(folder);
    [good = "", other = ""] = folders;
    server = await startServer("memory", { certificates: good });
  });
  afterAll(async () => {
    await server.dispose();
    for (const folder of [good, other]) rmSync(folder, { recursive: true, force: true });
  });
  const at = (host: string, authority: string): string =>
    `esdb://admin:changeit@${host}?tls=true&tlsCAFile=${join(authority, "ca/ca.crt")}`;

  test("ends immediately if the certificate is from another authority", async () => {
    const message = await failureOf(at(`localhost:${server.port}`, other));
    expect(message).toMatch(/certificate.*give the authority's certificate with tlsCAFile/);
  });

  test("ends immediately if no authority is given", async () => {
    const message = await failureOf(`esdb://admin:changeit@localhost:${server.port}?tls=true`);
    expect(message).toContain("tlsCAFile");
  });

  test("ends immediately if the certificate is for another host, and says which", async () => {
    const message = await failureOf(at(`${hostname()}:${server.port}`, good));
    expect(message).toMatch(/cert's altnames: .*localhost.*use the host name in its certificate/);
  });

  test("ends immediately if this is so for every host of a cluster, each of which is asked", async () => {
    const hosts = `localhost:${server.port},localhost:${server.port}`;
    expect(await failureOf(at(hosts, other))).toMatch(/certificate.*tlsCAFile/);
  });

  test("goes on as long as a host of the cluster may still come up", async () => {
    const hosts = `localhost:${server.port},localhost:${await freePort()}`;
    const { said, opening } = starting(at(hosts, other), "read");
    await expect(opening).rejects.toMatchObject({ code: "store-unavailable" });
    expect(said).toEqual([expect.stringContaining("does not answer yet")]);
  });

  test("says immediately that the server does not use TLS, and goes on", async () => {
    const { said, opening } = starting(
      `esdb://admin:changeit@localhost:${server.port}?tls=false`,
      "read",
    );
    await until(() => said.length > 0);
    expect(said[0]).toMatch(/does not answer yet.*may expect TLS/);
    await expect(opening).rejects.toThrow("may expect TLS");
  });

  test("says immediately that the login was refused", async () => {
    const { said, opening } = starting(server.url, "read");
    await until(() => said.length > 0);
    expect(said[0]).toMatch(/does not answer yet.*Access Denied/);
    await expect(opening).rejects.toThrow("Access Denied");
  });
});

describe("a start while the store is not running", () => {
  test("says so immediately, and again when the store answers", async () => {
    const port = await freePort();
    const { said, opening } = starting(`esdb://127.0.0.1:${port}?tls=false`);
    await until(() => said.length > 0);
    expect(said).toEqual([expect.stringMatching(/does not answer yet.*ECONNREFUSED/)]);
    if (whyNoExecutable !== null) {
      opening.catch(() => undefined);
      return;
    }
    const late = await startServer("memory", { port });
    onTestFinished(() => late.dispose());
    const store = await opening;
    await store.close();
    expect(said[1]).toContain("is answering now");
  });
});

describe.skipIf(whyNoExecutable !== null)("a start with TLS against a store without TLS", () => {
  test("ends immediately, also if the host is given by address", async () => {
    const plain = await startServer("memory");
    onTestFinished(() => plain.dispose());
    const url = plain.url.replace("tls=false", "tls=true");
    expect(await failureOf(url)).toContain("the host's name, not its address");
    expect(await failureOf(url.replace("127.0.0.1", "localhost"))).toContain(
      "it does not use TLS; set tls=false",
    );
  });
});
