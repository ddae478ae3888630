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

test("docs/ARCHITECTURE.md names no file that is not there", () => {
  const paths = Array.from(
    page.matchAll(/`((?:src|projections|test|docs)\/[\w./-]+)`/g),
    ([, path]) => path,
  );
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});
