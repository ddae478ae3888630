import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/docs/operations.md`, "utf8");
const code = readdirSync(`${root}/src`, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(`${root}/src/${path}`, "utf8"))
  .join("\n");

test("docs/operations.md names only metrics that exist", () => {
  const names = Array.from(page.matchAll(/fleetledger_([a-z_]+)/g), ([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !new RegExp(`["_]${name}\\b`).test(code))).toEqual([]);
});

test("docs/operations.md names only members of /readyz that exist", () => {
  const [, table = ""] = /\| `\/readyz`[^]*?\n([^]*?)\n\n/.exec(page) ?? [];
  const rows = table.split("\n").map((row) => row.split("|")[1] ?? "");
  const members = rows.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name));
  expect(members.length).toBeGreaterThan(10);
  const answer = readFileSync(`${root}/src/answers/store-status.ts`, "utf8");
  expect(members.filter((name) => !new RegExp(`^    ${name}:`, "m").test(answer))).toEqual([]);
});
