/** Which file imports which, and by what names: read from the text, for tests about the structure of the house. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Import {
  /** The imported file, from the root of the repository. */
  readonly to: string;
  /** What is imported by name; `*` for all of it, nothing where a file is only named or run. */
  readonly names: readonly string[];
}

export interface Module {
  /** From the root of the repository. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Packages and Node's own modules. */
  readonly packages: readonly string[];
  readonly exports: readonly string[];
}

/** Every file of TypeScript under the folders. */
export function modulesOf(folders: readonly string[]): Module[] {
  return folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .map((path) => readModule(relative(root, path), readFileSync(path, "utf8")));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const commentLine = /^\s*(?:\/\/|\/?\*).*$/gm;
/** `import`, `import type` and `export … from`, on one line or several. */
const statement =
  /^(?:import|export)\b\s*(?:type\b\s*)?(?<clause>(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s*as\s+[\w$]+)?)?)\s*(?:from\s*)?["'](?<specifier>[^"']+)["']/gm;
/** `import(…)`, with the names that are taken out of it where they stand before it. */
const load = /(?:\{(?<clause>[^{}]*)\}\s*=\s*await\s+)?\bimport\(\s*["'](?<specifier>[^"']+)["']/g;
/** A file that is named to be run or read, such as a worker. */
const named = /\bnew URL\(\s*["'](?<specifier>[^"'\s]+\.ts)["']/g;
const declared =
  /^export\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(?:const|let|function\*?|class|interface|type|enum)\s+(?<name>[\w$]+)/gm;
const listed = /^export\s+(?:type\s+)?\{(?<clause>[^}]*)\}/gm;

/** What a file imports and exports, as its text says. */
export function readModule(path: string, source: string): Module {
  const text = source.replace(commentLine, "");
  const imports: Import[] = [];
  const packages: string[] = [];
  const add = (specifier = "", names: readonly string[] = []): void => {
    if (!specifier.startsWith(".")) packages.push(specifier);
    else imports.push({ to: normalize(join(dirname(path), specifier)), names });
  };
  for (const { groups } of text.matchAll(statement))
    add(groups?.["specifier"], imported(groups?.["clause"]));
  for (const { groups } of text.matchAll(load)) {
    const names = groups?.["clause"];
    add(groups?.["specifier"], names === undefined ? ["*"] : imported(`{${names}}`));
  }
  for (const { groups } of text.matchAll(named)) add(`./${groups?.["specifier"]}`);
  const exports = [
    ...Array.from(text.matchAll(declared), ({ groups }) => groups?.["name"] ?? ""),
    ...Array.from(text.matchAll(listed), ({ groups }) => parts(groups?.["clause"], -1)).flat(),
  ];
  return { path, imports, packages, exports };
}

function imported(clause = ""): string[] {
  if (clause.includes("*")) return ["*"];
  const braces = clause.indexOf("{");
  const before = braces === -1 ? clause : clause.slice(0, braces);
  const byDefault = before.replaceAll(",", "").trim() === "" ? [] : ["default"];
  return braces === -1 ? byDefault : [...byDefault, ...parts(clause.slice(braces), 0)];
}

/** The names of `{ a, type B, c as d }`: the first of `c as d`, or the last. */
function parts(clause: string | undefined, which: 0 | -1): string[] {
  return (clause ?? "")
    .replace(/[{}]/g, "")
    .split(",")
    .map((part) => part.trim().replace(/^type\s+/, ""))
    .filter((part) => part !== "")
    .map((part) => part.split(/\s+as\s+|\s*:\s*/).at(which) ?? part);
}

/** The groups of folders that import each other, each sorted; none if imports run one way. */
export function cyclesBetweenFolders(modules: readonly Module[]): string[][] {
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of modules) {
    for (const { to } of imports) {
      const [a, b] = [folderOf(path), folderOf(to)];
      if (a !== b) edges.set(a, (edges.get(a) ?? new Set()).add(b));
    }
  }
  return stronglyConnected(edges).filter((folders) => folders.length > 1);
}

/** Files directly in `src` are for everybody, or start everything: each is a folder of its own. */
function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === "src" ? path : folder;
}

/** Groups of what can be reached from each other (Tarjan). */
function stronglyConnected(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const lower = (at: string, to = 0): void => void low.set(at, Math.min(low.get(at) ?? to, to));
  const visit = (at: string): void => {
    index.set(at, index.size);
    lower(at, index.get(at));
    stack.push(at);
    for (const next of edges.get(at) ?? []) {
      if (!index.has(next)) {
        visit(next);
        lower(at, low.get(next));
      } else if (stack.includes(next)) {
        lower(at, index.get(next));
      }
    }
    if (low.get(at) === index.get(at)) groups.push(stack.splice(stack.indexOf(at)).sort());
  };
  for (const at of edges.keys()) if (!index.has(at)) visit(at);
  return groups;
}

/** Exports that no other file imports, as `path: name`. */
export function unusedExports(modules: readonly Module[]): string[] {
  const used = new Map<string, Set<string>>();
  for (const { path, imports } of modules) {
    for (const { to, names } of imports) {
      if (to === path) continue;
      const known = used.get(to) ?? new Set();
      used.set(to, known);
      for (const name of names) known.add(name);
    }
  }
  return modules.flatMap(({ path, exports }) => {
    const names = used.get(path) ?? new Set();
    if (names.has("*")) return [];
    return exports.filter((name) => !names.has(name)).map((name) => `${path}: ${name}`);
  });
}

/** Files that the entry neither imports nor names, directly or through others. */
export function unreachedFiles(modules: readonly Module[], entries: readonly string[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const reached = new Set<string>(entries);
  for (const path of reached) for (const { to } of byPath.get(path)?.imports ?? []) reached.add(to);
  return modules.map(({ path }) => path).filter((path) => !reached.has(path));
}
