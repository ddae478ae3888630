import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/docs/ARCHITECTURE.md`, "utf8");

test("docs/ARCHITECTURE.md names every folder of projections/ and src/", () => {
  const folders = ["projections", "src"].flatMap((tree) =>
    readdirSync(`${root}/${tree}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  );
  const [, tree = ""] = page.split("```\nprojections/");
  expect(folders.filter((name) => !new RegExp(`(^|\\s)${name}/`, "m").test(tree))).toEqual([]);
});

test("design pages and ADRs name only files that exist", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(`${root}/docs`, { recursive: true })
      .map((path) => `docs/${String(path)}`)
      .filter((path) => path.endsWith(".md")),
  ];
  const named = pages.flatMap((from) =>
    Array.from(
      readFileSync(`${root}/${from}`, "utf8").matchAll(
        /`((?:src|projections|test|bench|docs)\/[\w./-]+)`/g,
      ),
      ([, path = ""]) => ({ from, path }),
    ),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ path }) => !existsSync(`${root}/${path}`))).toEqual([]);
});
