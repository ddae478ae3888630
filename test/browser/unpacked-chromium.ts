/** The Chromium that comes in a package, unpacked once for each version and kept for later runs. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { machineTemporaryFolder } from "../house/clean-run.ts";

export interface Chromium {
  readonly executablePath: string;
  /** What the browser's process needs: its libraries and fonts lie beside it. */
  readonly env: Record<string, string>;
}

/** The package is built for this platform only. */
export const hasBrowser = process.platform === "linux" && process.arch === "x64";

/** With this set, the package brings the libraries that a bare machine lacks. */
const bareMachine = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };

/** Unpacks it unless an earlier run has: about 210 MB in the folder for temporary files. */
export async function unpackedChromium(): Promise<Chromium> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@sparticuz/chromium");
  const { version } = require(join(dirname(entry), "../package.json")) as { version: string };
  const owner = process.getuid?.() ?? 0;
  const folder = join(machineTemporaryFolder, `fleetledger-chromium-${version}-${owner}`);
  if (!existsSync(folder)) await unpackInto(folder, entry);
  return {
    executablePath: join(folder, "chromium"),
    env: {
      ...definedVariables(),
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

/** Unpacks beside the place and moves the whole there: a run that is cut off leaves no half of a browser. */
async function unpackInto(folder: string, entry: string): Promise<void> {
  const beside = await mkdtemp(`${folder}-`);
  // The package unpacks into the folder for temporary files, so a process of its own is given another one.
  const script = `import chromium from ${JSON.stringify(pathToFileURL(entry).href)}; await chromium.executablePath();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, ...bareMachine, TMPDIR: beside },
  });
  const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;
  await writeFile(join(beside, "fonts.conf"), fonts);
  try {
    await rename(beside, folder);
  } catch (error) {
    // Another run was quicker.
    if (!existsSync(join(folder, "chromium"))) throw error;
    await rm(beside, { recursive: true });
  }
}

function definedVariables(): Record<string, string> {
  const defined = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(defined) as Record<string, string>;
}
