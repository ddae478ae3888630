/** A file that is there whole or not at all. */
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { LineFile } from "./line-file.ts";
import { UsageError } from "./terminal.ts";

/** Throws UsageError if there is something of that name. */
export function refuseExisting(file: string): void {
  if (existsSync(file)) throw new UsageError(`${file} is there already`);
}

/** Writes the file through `work`; it gets its name when it is on the disk. */
export async function writeWhole<T>(
  file: string,
  work: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  return await placeWhole(file, async (part) => {
    const lines = new LineFile(part);
    const result = await work((text) => lines.write(text));
    await lines.close();
    return result;
  });
}

/** As `writeWhole`, for what is made under a name: `make` is given the one that it has until it is whole. */
export async function placeWhole<T>(file: string, make: (part: string) => Promise<T>): Promise<T> {
  const part = `${file}.part`;
  try {
    const result = await make(part);
    const handle = await open(part, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
    return result;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
