/** The rules of the house that neither types nor lint can see. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const skippedFolders = new Set([
  "node_modules",
  ".git",
  "dist",
  "data",
  "coverage",
  ".idea",
  ".vscode",
]);
const self = "test/tidy.test.ts";

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : filesUnder(path);
    return [relative(root, path)];
  });
}

const texts = new Map(
  filesUnder(root)
    .filter((path) => /\.(ts|js|json|md|yml|yaml|html|css|npmrc)$|^\.ci\/|^\.[a-z]+rc/.test(path))
    .filter((path) => path !== "package-lock.json" && path !== self)
    .map((path) => [path, readFileSync(join(root, path), "utf8")]),
);
const code = [...texts].filter(([path]) => /\.(ts|js)$/.test(path));

/** Where a pattern is found, as `path:line`. */
function places(pattern: RegExp, files: Iterable<readonly [string, string]>): string[] {
  const found: string[] = [];
  for (const [path, text] of files) {
    for (const [i, line] of text.split("\n").entries()) {
      if (pattern.test(line)) found.push(`${path}:${i + 1}`);
    }
  }
  return found;
}

describe("code", () => {
  test("has no file of more than 300 lines", () => {
    const long = code.filter(([, text]) => text.split("\n").length > 301).map(([path]) => path);
    expect(long).toEqual([]);
  });

  test("has no file with a meaningless name, and no barrel file", () => {
    const names = /^(utils?|helpers?|common|misc|shared|manager|index)$/;
    const vague = code.filter(([path]) => names.test(basename(path, extname(path))));
    expect(vague.map(([path]) => path)).toEqual([]);
    expect(places(/^export \* from /, code)).toEqual([]);
  });

  test("disables no lint rule", () => {
    const off =
      /(eslint|oxlint)-disable|@ts-(ignore|nocheck|expect-error)|\bas any\b|[:<]\s?any\b[^a-z ]/;
    expect(places(off, code)).toEqual([]);
  });

  test("has no test that is skipped without a condition, and none that runs exclusively", () => {
    expect(places(/\b(test|it|describe)\.(skip|only|todo|fails)\(/, code)).toEqual([]);
  });

  test("gives a reason for each limit", () => {
    const limits = code.filter(([path]) => path.startsWith("src/limits/"));
    expect(limits.length).toBeGreaterThan(5);
    const bare = limits.flatMap(([path, text]) =>
      text
        .split("\n\n")
        .filter(
          (part) => part.includes("export const") && !/^\/\*\*[^]{20,}?\*\/\nexport/.test(part),
        )
        .map((part) => `${path}: ${part}`),
    );
    expect(bare).toEqual([]);
  });

  test("of projections reads no clock", () => {
    const projections = code.filter(([path]) => path.startsWith("projections/"));
    expect(projections.length).toBeGreaterThan(10);
    expect(places(/new Date\(\s*\)|(?<!new )\bDate\(|toLocale/, projections)).toEqual([]);
  });
});

/** Every kind of file that the repository may hold, each with its reason. */
const kinds: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(src|projections|test|bench)\/.+\.ts$|^vitest\.config\.ts$/, "code"],
  [/^bin\/fleetledger\.js$/, "the launcher, which runs on older versions of Node"],
  [/^bin\/build-pages\.js$/, "what an installation runs: it builds the scripts of the pages"],
  [/^src\/dashboard\/styles\/[\w-]+\.css$/, "styles of pages"],
  [
    /^(src\/dashboard\/islands|test\/browser)\/tsconfig\.json$/,
    "types of code that runs in browsers",
  ],
  [/^src\/dashboard\/assets\/[\w-]+\.(js|css|svg)$/, "what pages load"],
  [/^(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^docs\/.+\.md$/, "documentation"],
  [/^docs\/screens\/[\w-]+\.png$/, "pictures of pages, for the README and docs/"],
  [/^test\/.+\/README\.md$/, "how to add test data"],
  [/^LICENSE$/, "the licence"],
  [/^(package|package-lock|tsconfig|\.oxfmtrc|\.oxlintrc)\.json$/, "settings of tools"],
  [/^examples\/(grafana\/)?[\w.-]+\.(json|ndjson)$/, "examples that a reader runs"],
  [/^examples\/prometheus\/rules\.yml$/, "alerts that a reader loads"],
  [/^examples\/kubernetes\/admission\.yaml$/, "the webhook that a reader installs"],
  [/^examples\/kubernetes\/agent\.yaml$/, "the agent that a reader installs"],
  [/^test\/.+\.(json|csv)$/, "data that tests compare with"],
  [/^test\/golden\/ledgers\/[\w.-]+\/[\w.-]+$/, "ledgers as a release wrote them"],
  [/^test\/golden\/test-only\.(key|pub)$/, "the key that signs golden ledgers and nothing else"],
  [/^(Dockerfile|docker-compose\.yml|\.env\.example|\.dockerignore)$/, "containers"],
  [/^(keys\/)?\.gitignore$|^\.gitattributes$/, "settings of git"],
  [/^\.ci\/run$/, "what continuous integration runs"],
];

/** What git has, or would take; outside of a clone, all that lies there. */
function committed(): string[] {
  const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const paths = git.status === 0 ? git.stdout.split("\0") : filesUnder(root);
  // A file that was deleted and not committed yet is still in git's list.
  return [...new Set(paths)].filter((path) => path !== "" && existsSync(join(root, path)));
}

describe("the repository", () => {
  test("has only files of the kinds on the list, each with its reason", () => {
    const paths = committed();
    expect(paths.length).toBeGreaterThan(500);
    const unknown = paths.filter((path) => !kinds.some(([pattern]) => pattern.test(path)));
    expect(unknown, "delete these files, or add their kind with its reason").toEqual([]);
  });

  test("has a file of every kind on the list", () => {
    const paths = committed();
    const unused = kinds.filter(([pattern]) => !paths.some((path) => pattern.test(path)));
    expect(unused.map(([, reason]) => reason)).toEqual([]);
  });
});

describe("every file", () => {
  test("has no unfinished work marked in it", () => {
    expect(places(/\b(TODO|FIXME|XXX|HACK)\b/, texts)).toEqual([]);
  });

  test("names no path of a machine and no package registry", () => {
    expect(places(/(?<![\w.])\/(work|home|root|Users)\/\w/, texts)).toEqual([]);
    expect(places(/registry\.npmjs|npm\.pkg\.github|artifactory|\/npm-proxy/i, texts)).toEqual([]);
  });

  test("refers to data outside the repository only in tests", () => {
    const outside = [...texts].filter(([path]) => !path.startsWith("test/"));
    expect(places(/\.\.\/shared\b/, outside)).toEqual([]);
  });
});

describe("packages", () => {
  const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));

  test("state their licence, and the version of Node is the one that the launcher needs", () => {
    const { license, engines } = read("package.json");
    const launcher = readFileSync(join(root, "bin/fleetledger.js"), "utf8");
    const least = /for any Node from (\d+) on/.exec(launcher)?.[1];
    expect([license, engines.node]).toEqual(["Apache-2.0", `>=${least}`]);
    const [locked] = Object.values(read("package-lock.json").packages);
    expect(locked).toMatchObject({ license, engines });
  });

  test("are pinned to exact versions", () => {
    const { dependencies, devDependencies, optionalDependencies } = read("package.json");
    const versions: string[] = Object.values({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    });
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test("are in the lock file with their hashes, and without the host they came from", () => {
    const entries: [string, { integrity?: string; resolved?: string; link?: boolean }][] =
      Object.entries(read("package-lock.json").packages);
    const packages = entries.filter(([path]) => path !== "");
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
    const hosts = packages.flatMap(([, { resolved }]) =>
      resolved === undefined ? [] : [new URL(resolved).host],
    );
    expect(new Set(hosts)).toEqual(new Set());
  });
});
