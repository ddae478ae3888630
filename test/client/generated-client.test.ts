/** A client that a generator makes of `/openapi.json`: it passes the strictest checks of types, and runs. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generateSource } from "oazapfts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SmallApp } from "../http/app/small-app.ts";
import { appWithHistory } from "../http/app/small-app.ts";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** What a developer writes against the client: an append, figures with their types, and a refusal. */
const program = `
import { HttpError, ok } from "@oazapfts/runtime";
import { appendEvents, defaults, getNis, getSlaDocument, listBlockedRollouts } from "./client.ts";
import type { SlaDocument } from "./client.ts";

defaults.baseUrl = process.argv[2] ?? "";

const { status } = await appendEvents({
  id: "5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11",
  type: "NodeFailed",
  occurredAt: "2026-03-28T00:00:00Z",
  data: { cluster: "alpha", node: "n1", faultId: "f3", category: "hardware" },
});
const { clusters } = await ok(getNis({ cluster: "alpha", period: "2026-03" }));
const figures: (number | null)[] = clusters.map((each) => each.nis.contractual ?? null);
const answer = await ok(getSlaDocument("alpha", { period: "2026-03" }));
const document: SlaDocument | null = typeof answer === "string" ? null : answer;
const causes: Record<string, { closed: number; meanMs: number | null }> = document?.mttr.byCause ?? {};
const queue = await ok(listBlockedRollouts());
const blocked = queue.blocked.map(({ rollout, urgency }) => ({ rollout, urgency }));
const refused = await ok(getNis({ period: "2030" })).catch((error: unknown) => error);
console.log(JSON.stringify({
  status,
  figures,
  evidence: document?.evidence.faults.length ?? null,
  causes,
  blocked,
  refused: refused instanceof HttpError ? refused.status : null,
}));
`;

let small: SmallApp;
let folder: string;
let address: string;
beforeAll(async () => {
  small = await appWithHistory();
  address = await small.app.listen({ host: "127.0.0.1", port: 0 });
  folder = mkdtempSync(join(tmpdir(), "fleetledger-client-"));
  const document = join(folder, "openapi.json");
  writeFileSync(document, await (await fetch(`${address}/openapi.json`)).text());
  writeFileSync(join(folder, "client.ts"), await generateSource(document));
  writeFileSync(join(folder, "program.ts"), program);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  symlinkSync(modules, join(folder, "node_modules"));
});
afterAll(async () => {
  await small.app.close();
  rmSync(folder, { recursive: true });
});

/** One that asks for a member that no answer has. */
const mistaken = `
import { ok } from "@oazapfts/runtime";
import { getNis } from "./client.ts";
const { clusters } = await ok(getNis());
console.log(clusters.map((each) => each.nis.nothing));
`;

/** What the checker of types says of a program and the client; nothing where all is well. */
async function typeErrors(file: string): Promise<string> {
  const options = ["--strict", "--noEmit", "--allowImportingTsExtensions", "--types", "node"];
  const target = ["--target", "es2024", "--module", "nodenext"];
  try {
    const tsc = join(modules, "typescript", "bin", "tsc");
    await run(process.execPath, [tsc, ...options, ...target, file], { cwd: folder });
    return "";
  } catch (error) {
    return String((error as { readonly stdout?: unknown }).stdout);
  }
}

describe("a client generated from /openapi.json", () => {
  test("compiles under tsc --strict, together with a program that uses it", async () => {
    expect(await typeErrors("program.ts")).toBe("");
  });

  test("has every member of an answer, and no other", async () => {
    writeFileSync(join(folder, "mistaken.ts"), mistaken);
    expect(await typeErrors("mistaken.ts")).toMatch(/Property 'nothing' does not exist/);
  });

  test("works against the server", async () => {
    const { stdout } = await run(process.execPath, ["program.ts", address], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({
      status: 201,
      figures: [expect.any(Number)],
      evidence: 3,
      causes: { hardware: { closed: 1, meanMs: 43_200_000 } },
      blocked: [{ rollout: "r1", urgency: "security" }],
      refused: 422,
    });
  });
});
