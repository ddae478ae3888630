import { describe, expect, test } from "vitest";
import type { Module } from "./import-graph.ts";
import {
  cyclesBetweenFolders,
  modulesOf,
  readModule,
  unreachedFiles,
  unusedExports,
} from "./import-graph.ts";

describe("the imports of projections/ and src/", () => {
  const modules = modulesOf(["projections", "src"]);

  test("run one way: no two folders import each other, directly or through others", () => {
    expect(cyclesBetweenFolders(modules)).toEqual([]);
  });

  test("use every export: nothing is exported that only its own file or a test uses", () => {
    expect(unusedExports(modules)).toEqual([]);
  });

  /** What the program, the browser and the build begin with. */
  const entries = [
    "src/main.ts",
    "src/dashboard/islands/main.ts",
    "src/dashboard/islands/theme.ts",
    "src/dashboard/build/vite.config.ts",
  ];

  test("reach every file from what is started", () => {
    expect(modules.length).toBeGreaterThan(200);
    expect(unreachedFiles(modules, entries)).toEqual([]);
  });
});

test("projections import only projections and the events' schemas: they have no clock, no randomness and no I/O", () => {
  const others = modulesOf(["projections"]).flatMap(({ path, imports, packages }) =>
    [...imports.map(({ to }) => to), ...packages]
      .filter((to) => !/^(projections|src\/events)\//.test(to))
      .map((to) => `${path}: ${to}`),
  );
  expect(others).toEqual([]);
});

describe("the reader of imports", () => {
  const namesIn = (source: string) =>
    readModule("src/a/one.ts", source).imports.map(({ to, names }) => [to, ...names]);

  test.each([
    ['import { x } from "../b/two.ts";', "src/b/two.ts", "x"],
    ['import {\n  x,\n  type Y,\n  z as w,\n} from "./two.ts";', "src/a/two.ts", "x", "Y", "z"],
    ['import type { Y } from "../../projections/y.ts";', "projections/y.ts", "Y"],
    ['import first, { x } from "./two.ts";', "src/a/two.ts", "default", "x"],
    ['import * as all from "./two.ts";', "src/a/two.ts", "*"],
    ['import "./two.ts";', "src/a/two.ts"],
    ['export { x as y } from "./two.ts";', "src/a/two.ts", "x"],
    ['export type {\n  X,\n} from "./two.ts";', "src/a/two.ts", "X"],
    ['export * from "./two.ts";', "src/a/two.ts", "*"],
    ['const { x, y: z } = await import("./two.ts");', "src/a/two.ts", "x", "y"],
    ['const all = await import(\n  "./two.ts"\n);', "src/a/two.ts", "*"],
    ['new Worker(new URL("./two.ts", import.meta.url));', "src/a/two.ts"],
    ['new Worker(new URL("two.ts", import.meta.url));', "src/a/two.ts"],
  ])("recognises %j as an import", (source, ...imported) => {
    expect(namesIn(source)).toEqual([imported]);
  });

  test("ignores comments and URLs, and distinguishes packages", () => {
    const source = [
      'import { readFileSync } from "node:fs";',
      '// import { x } from "./two.ts";',
      ' * import { x } from "./two.ts";',
      'const page = new URL("./two.html", import.meta.url);',
    ];
    expect(namesIn(source.join("\n"))).toEqual([]);
    expect(readModule("src/a/one.ts", source.join("\n")).packages).toEqual(["node:fs"]);
  });

  test("finds all exports of a file, declared or listed", () => {
    const source = `
      export const a = 1;
      export async function b() {}
      export function* c() {}
      export abstract class D {}
      export interface E {}
      export type F = string;
      export type { G };
      export { h, i as j };
      export { k } from "./two.ts";
      const l = 1;`;
    const { exports } = readModule("src/a/one.ts", source.replaceAll(/^ +/gm, ""));
    expect(exports).toEqual(["a", "b", "c", "D", "E", "F", "G", "h", "j", "k"]);
  });
});

describe("the graph of imports", () => {
  const module = (
    path: string,
    to: readonly string[],
    exports: readonly string[] = [],
  ): Module => ({
    path,
    imports: to.map((each) => ({ to: each, names: ["used"] })),
    packages: [],
    exports,
  });

  test("shows a cycle of three folders, even if no two files import each other", () => {
    const modules = [
      module("src/a/1.ts", ["src/b/1.ts"]),
      module("src/b/2.ts", ["src/c/1.ts"]),
      module("src/c/2.ts", ["src/a/2.ts"]),
      module("src/d/1.ts", ["src/a/1.ts"]),
    ];
    expect(cyclesBetweenFolders(modules)).toEqual([["src/a", "src/b", "src/c"]]);
  });

  test("treats a folder and its subfolder as two, and each file directly in src as one", () => {
    const inner = [module("src/a/1.ts", ["src/a/b/1.ts"]), module("src/a/b/2.ts", ["src/a/2.ts"])];
    expect(cyclesBetweenFolders(inner)).toEqual([["src/a", "src/a/b"]]);
    const atTop = [module("src/main.ts", ["src/a/1.ts"]), module("src/a/1.ts", ["src/clock.ts"])];
    expect(cyclesBetweenFolders(atTop)).toEqual([]);
  });

  test("shows an export that nobody imports, even if its own file uses it", () => {
    const modules = [
      module("src/main.ts", ["src/a/1.ts"]),
      module("src/a/1.ts", ["src/a/1.ts"], ["used", "unused"]),
      module("src/a/2.ts", ["src/a/2.ts"], ["used"]),
    ];
    expect(unusedExports(modules)).toEqual(["src/a/1.ts: unused", "src/a/2.ts: used"]);
    expect(unreachedFiles(modules, ["src/main.ts"])).toEqual(["src/a/2.ts"]);
  });
});
