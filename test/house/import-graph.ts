/** Which file imports which, and by what names: read from the text, for tests about the structure of the house. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Import {
  /** Both from the root of the repository. */
  readonly from: string;
  readonly to: string;
  /** What is imported by name; `*` for a whole module. */
  readonly names: readonly string[];
}

export interface Module {
  readonly path: string;
  readonly imports: readonly Import[];
  /** Packages and Node's own modules. */
  readonly packages: readonly string[];
  readonly exports: readonly string[];
}

/** Every file of TypeScript under the folders. */
export function modulesOf(folders: readonly string[]): Module[] {
  return folders.flatMap((folder) => filesUnder(join(root, folder))).map(readModule);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "dist" ? [] : filesUnder(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const importPattern =
  /^(?:import|export)\s+(?:type\s+)?(?:(?<names>[^;"']*?)\s+from\s+)?["'](?<specifier>[^"']+)["']/gm;
const loadPattern = /(?:import\(|new URL\()\s*["'](?<specifier>\.[^"']+\.ts)["']/g;
const exportPattern =
  /^export\s+(?:async\s+)?(?:abstract\s+)?(?:const|let|function\*?|class|interface|type|enum)\s+(?<name>[\w$]+)/gm;

function readModule(path: string): Module {
  const text = readFileSync(path, "utf8");
  const from = relative(root, path);
  const imports: Import[] = [];
  const packages: string[] = [];
  const add = (specifier: string, names: readonly string[]): void => {
    if (!specifier.startsWith(".")) packages.push(specifier);
    else imports.push({ from, to: normalize(join(dirname(from), specifier)), names });
  };
  for (const { groups } of text.matchAll(importPattern))
    add(groups?.["specifier"] ?? "", namesIn(groups?.["names"] ?? ""));
  for (const { groups } of text.matchAll(loadPattern)) add(groups?.["specifier"] ?? "", ["*"]);
  const exports = Array.from(text.matchAll(exportPattern), ({ groups }) => groups?.["name"] ?? "");
  return { path: from, imports, packages, exports };
}

function namesIn(clause: string): string[] {
  if (clause.includes("*")) return ["*"];
  return clause
    .replace(/[{}]/g, " ")
    .split(",")
    .map(
      (name) =>
        name
          .trim()
          .replace(/^type\s+/, "")
          .split(/\s+as\s+/)[0] ?? "",
    )
    .filter((name) => name !== "");
}

/** The folders of each cycle among folders; none if imports run one way. */
export function cyclesBetweenFolders(modules: readonly Module[]): string[][] {
  const edges = new Map<string, Set<string>>();
  for (const { imports } of modules) {
    for (const { from, to } of imports) {
      const [a, b] = [dirname(from), dirname(to)];
      if (a === b) continue;
      const targets = edges.get(a) ?? new Set();
      edges.set(a, targets.add(b));
    }
  }
  return stronglyConnected(edges).filter((folders) => folders.length > 1);
}

/** Groups of what can be reached from each other (Tarjan). */
function stronglyConnected(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const visit = (at: string): void => {
    index.set(at, index.size);
    low.set(at, index.get(at) ?? 0);
    stack.push(at);
    for (const next of edges.get(at) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(at, Math.min(low.get(at) ?? 0, low.get(next) ?? 0));
      } else if (stack.includes(next)) {
        low.set(at, Math.min(low.get(at) ?? 0, index.get(next) ?? 0));
      }
    }
    if (low.get(at) === index.get(at)) groups.push(stack.splice(stack.indexOf(at)).sort());
  };
  for (const at of edges.keys()) if (!index.has(at)) visit(at);
  return groups;
}

/** Exports that no other file of the modules imports, as `path: name`. */
export function unusedExports(modules: readonly Module[], entries: readonly string[]): string[] {
  const used = new Map<string, Set<string>>();
  for (const { imports } of modules) {
    for (const { to, names } of imports) {
      const known = used.get(to) ?? new Set();
      used.set(to, known);
      for (const name of names) known.add(name);
    }
  }
  return modules.flatMap(({ path, exports }) => {
    const names = used.get(path) ?? new Set();
    if (entries.includes(path) || names.has("*")) return [];
    return exports.filter((name) => !names.has(name)).map((name) => `${path}: ${name}`);
  });
}
