/** Builds the scripts, styles and fonts of the pages into `dist/`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";
import { sourceDigest } from "./assets.ts";

const here = join(import.meta.dirname, "..");

export default defineConfig({
  root: here,
  base: "/assets/",
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: join(here, "dist"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    rolldownOptions: {
      input: {
        main: join(here, "islands/main.ts"),
        theme: join(here, "islands/theme.ts"),
        styles: join(here, "styles/main.css"),
      },
      output: {
        entryFileNames: "files/[name]-[hash].js",
        chunkFileNames: "files/[name]-[hash].js",
        assetFileNames: "files/[name]-[hash][extname]",
      },
    },
  },
  plugins: [
    {
      name: "state the sources",
      closeBundle: () => writeFileSync(join(here, "dist/sources.txt"), sourceDigest()),
    },
  ],
});
