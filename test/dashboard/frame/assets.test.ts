/** What browsers load: how much it is, and what pages do without it. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadAssets } from "../../../src/dashboard/build/assets.ts";

const dist = join(import.meta.dirname, "../../../src/dashboard/dist");

test("the pages are built by the installation", () => {
  expect(existsSync(join(dist, "manifest.json")), "run npm run build").toBe(true);
});

describe("what a browser loads", () => {
  const { files, styles, script, warning } = loadAssets();
  const bytes = (name: string) => gzipSync(files.get(name)?.content ?? Buffer.alloc(0)).length;
  const named = (pattern: RegExp) => [...files.keys()].filter((name) => pattern.test(name));

  test("is built from the sources as they are", () => {
    expect(warning).toBeNull();
  });

  test("is at most 120 kB of scripts and styles, gzipped", () => {
    const all = named(/^\/assets\/files\/.*\.(js|css)$/);
    expect(all.length).toBeGreaterThan(3);
    expect(all.reduce((sum, name) => sum + bytes(name), 0)).toBeLessThanOrEqual(120 * 1_024);
  });

  test("is at most 60 kB of script before any island", () => {
    expect(bytes(script ?? "")).toBeLessThanOrEqual(60 * 1_024);
  });

  test("is at most 90 kB of fonts", () => {
    const fonts = named(/\.woff2$/).map((name) => files.get(name)?.content.length ?? 0);
    expect(fonts).toHaveLength(2);
    expect(fonts.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(90 * 1_024);
  });

  test("never changes under its name", () => {
    for (const name of [...styles, script ?? "", ...named(/woff2$/)]) {
      expect(name).toMatch(/-[\w-]{8}\.\w+$/);
      expect(files.get(name)?.isImmutable).toBe(true);
    }
  });
});

describe("pages", () => {
  /** A copy of the build that the test may break. */
  function brokenBuild(): string {
    const folder = mkdtempSync(join(tmpdir(), "fleetledger-dist-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(dist, folder, { recursive: true });
    return folder;
  }

  test("without a build have their styles, no scripts, and say how to build them", () => {
    const { script, themeScript, styles, warning, files } = loadAssets("/nowhere");
    expect([script, themeScript]).toEqual([null, null]);
    expect(warning).toContain("npm run build");
    expect(styles.length).toBeGreaterThan(3);
    for (const style of styles) expect(files.get(style)?.type).toContain("text/css");
  });

  test("with a build that is older than its sources do the same", () => {
    const folder = brokenBuild();
    writeFileSync(join(folder, "sources.txt"), "another digest");
    const { script, warning } = loadAssets(folder);
    expect([script, warning]).toEqual([null, expect.stringContaining("older than their sources")]);
  });

  test("use a build whose sources are these", () => {
    expect(loadAssets(brokenBuild()).script).not.toBeNull();
  });
});

test("every style sheet is part of the build", () => {
  const main = readFileSync(join(dist, "../styles/main.css"), "utf8");
  const { styles } = loadAssets("/nowhere");
  for (const style of styles)
    expect(main).toContain(`./${style.slice(style.lastIndexOf("/") + 1)}`);
});
