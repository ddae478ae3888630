/** The program as it is called from a shell, also with a Node that is too old to run it. */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { temporaryFolder } from "./run.ts";

const bin = fileURLToPath(new URL("../../bin/fleetledger.js", import.meta.url));
const folder = temporaryFolder();
afterAll(folder.remove);

const isOld = (node: string) => {
  const major = Number(
    spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout?.split(".")[0],
  );
  return major >= 18 && major < 24;
};
const oldNode = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((part) => join(part, "node"))
  .find((node) => existsSync(node) && isOld(node));
if (oldNode === undefined) {
  console.warn("skipped: the program under an old Node: there is none from 18 to 22 on PATH");
}

const nodes = [
  ["the present Node", process.execPath],
  ...(oldNode === undefined ? [] : [["an old Node", oldNode]]),
] as [string, string][];

/** A server that has said that it listens. */
async function serve(node: string, store: string): Promise<ChildProcess> {
  const child = spawn(node, [bin, "serve", "--store", store, "--port", "0"]);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error(said)));
    child.stderr.on("data", (text: Buffer) => {
      said += text.toString();
      if (said.includes("stop: Ctrl-C")) resolve();
    });
  });
  return child;
}

describe.for(nodes)("under %s", ([, node]) => {
  test("the program runs and passes the exit code on", () => {
    const help = spawnSync(node, [bin, "--help"], { encoding: "utf8" });
    expect(help.status).toBe(0);
    expect(help.stdout).toContain("Usage: fleetledger");
    expect(spawnSync(node, [bin, "nonsense"]).status).toBe(2);
  });

  test("a signal stops the server, which exits with 0", async () => {
    const child = await serve(node, `sqlite:${folder.path(`${node.length}.sqlite`)}`);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).toBe(0);
  });

  test("a server that is killed outright leaves nothing behind that locks the ledger", async () => {
    const path = folder.path(`killed-${node.length}.sqlite`);
    const child = await serve(node, `sqlite:${path}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    const openAndClose = async () => {
      const store = await openEmbeddedStore({ path, mode: "write" });
      await store.close();
    };
    const freed = eventually(openAndClose);
    await expect(freed).resolves.toBeUndefined();
  });
});
