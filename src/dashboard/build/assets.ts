/**
 * What browsers load: scripts and fonts as `npm run build` makes them, and styles. Without a build, or with one older
 * than its sources, pages are served without scripts, and say so: every figure can be read all the same.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export interface DashboardAssets {
  /** Addresses of style sheets, in their order. */
  readonly styles: readonly string[];
  /** Sets the reader's theme before anything is shown. */
  readonly themeScript: string | null;
  readonly script: string | null;
  /** Why there are no scripts; `null` if there are. */
  readonly warning: string | null;
  /** The files by address. */
  readonly files: ReadonlyMap<string, Asset>;
}

interface Asset {
  readonly type: string;
  readonly content: Buffer;
  /** Whether the address names the content, so that it never changes. */
  readonly isImmutable: boolean;
}

const here = join(import.meta.dirname, "..");
const prefix = "/assets/";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  woff2: "font/woff2",
  svg: "image/svg+xml",
};

const manifest = z.record(
  z.string(),
  z.object({ file: z.string(), css: z.array(z.string()).optional() }),
);

/** Every file that the build reads, relative to this folder. */
const sourceFolders = ["islands", "styles"] as const;

/** The digest of the build's sources: a build states the one that it was made from. */
export function sourceDigest(): string {
  const hash = createHash("sha256");
  for (const folder of sourceFolders) {
    const paths = readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of paths) hash.update(path.slice(here.length)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

export function loadAssets(dist: string = join(here, "dist")): DashboardAssets {
  const files = new Map<string, Asset>();
  for (const name of readdirSync(join(here, "assets")))
    addFile(files, join(here, "assets"), name, false);
  const unbuilt = whyUnbuilt(dist);
  if (unbuilt !== null) {
    const styles = readdirSync(join(here, "styles"))
      .filter((name) => name !== "fonts.css" && name !== "main.css")
      .sort()
      .map((name) => addFile(files, join(here, "styles"), name, false));
    return { styles, themeScript: null, script: null, warning: unbuilt, files };
  }
  const entries = manifest.parse(JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8")));
  for (const name of readdirSync(join(dist, "files"))) addFile(files, dist, `files/${name}`, true);
  const entry = (name: string) => {
    const found = entries[name];
    if (found === undefined) throw new Error(`the build has no ${name}: run npm run build`);
    return `${prefix}${found.file}`;
  };
  return {
    styles: [entry("styles/main.css")],
    themeScript: entry("islands/theme.ts"),
    script: entry("islands/main.ts"),
    warning: null,
    files,
  };
}

function whyUnbuilt(dist: string): string | null {
  const path = join(dist, "sources.txt");
  if (!existsSync(path)) {
    return "The scripts of these pages are not built, so nothing moves by itself: run npm run build.";
  }
  if (readFileSync(path, "utf8") === sourceDigest()) return null;
  return "The scripts of these pages are older than their sources: run npm run build.";
}

function addFile(
  files: Map<string, Asset>,
  folder: string,
  name: string,
  isImmutable: boolean,
): string {
  const type = types[name.slice(name.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`no media type is known for ${name}`);
  files.set(`${prefix}${name}`, { type, content: readFileSync(join(folder, name)), isImmutable });
  return `${prefix}${name}`;
}
