/** Two bundles side by side. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failed, sealedFolder } from "./sealed-folder.ts";
import { run } from "./run.ts";

const folder = sealedFolder();

async function bundle(name: string): Promise<string> {
  const file = folder.path(name);
  const key = ["--key", folder.secret()];
  const { code, said } = await run("export", file, "--bundle", ...key, "--store", folder.store());
  if (code !== 0) throw new Error(said);
  return file;
}

test("compare says that two bundles of one history are the same", async () => {
  await folder.sealed();
  const { code, out } = await run("compare", await bundle("a"), await bundle("b"));
  expect([code, out]).toEqual([0, "the same 4 events, the same checkpoint\n"]);
});

test("compare names the first event that differs and its differing members, and shows both versions", async () => {
  await folder.sealed();
  const a = await bundle("a");
  const b = folder.path("b");
  // Two events differ; the first of them is what is looked for.
  writeFileSync(
    b,
    readFileSync(a, "utf8")
      .replace('"faultId":"f"', '"faultId":"g"')
      .replace("LedgerSealed", "LedgerSeaIed"),
  );
  const { code, out } = await run("compare", a, b);
  expect(code).toBe(1);
  expect(out).toContain("the first 2 events are the same; event 3 differs in data:\n");
  expect(out).toContain(failed);
  expect(out).toContain('"faultId":"f"');
  expect(out).toContain('"faultId":"g"');
});

test("compare says which of two bundles is the beginning of the other", async () => {
  await folder.sealed();
  const early = await bundle("early");
  await run("retract", failed, "--actor", "eva", "--reason", "r", "--store", folder.store());
  const late = await bundle("late");
  for (const args of [
    [early, late],
    [late, early],
  ]) {
    const { code, out } = await run("compare", ...args);
    expect(code).toBe(1);
    expect(out).toContain(
      `${early} ends after 4 events; ${late} has the same and goes on with event 5:`,
    );
    expect(out).toContain("FactRetracted");
  }
});

test("compare refuses a bundle that is cut off, naming the file and how many events are equal", async () => {
  await folder.sealed();
  const a = await bundle("a");
  const whole = readFileSync(a, "utf8");
  const lines = whole.split("\n");
  const begin = lines.slice(0, 3).join("\n");
  const cuts = [`${begin}\n`, `${begin}\n${lines[3]?.slice(0, 40)}`, begin];
  for (const [i, text] of cuts.entries()) {
    const cut = folder.path(`cut-${i}`);
    writeFileSync(cut, text);
    for (const args of [
      [a, cut],
      [cut, a],
    ]) {
      const { code, out, said } = await run("compare", ...args);
      expect([code, out]).toEqual([2, ""]);
      expect(said).toContain(`${cut}: not a bundle: it ends before its checkpoint, so part of it`);
      const common = i === 2 ? 1 : 2;
      expect(said).toContain(`the first ${common} event`);
    }
  }
});

test("compare refuses a bundle whose checkpoint is cut off, naming the file", async () => {
  await folder.sealed();
  const a = await bundle("a");
  const whole = readFileSync(a, "utf8");
  for (const [i, left] of [whole.length - 1, whole.indexOf("\n\n") + 12].entries()) {
    const cut = folder.path(`cut-${i}`);
    writeFileSync(cut, whole.slice(0, left));
    const { code, out, said } = await run("compare", a, cut);
    expect([code, out]).toEqual([2, ""]);
    expect(said).toContain(`${cut}: not a bundle: its checkpoint is cut off or damaged`);
  }
});

test("compare refuses a file that is not a bundle", async () => {
  await folder.sealed();
  const { code, said } = await run("compare", await bundle("a"), folder.publicKey());
  expect([code, said]).toEqual([2, expect.stringContaining("not a bundle")]);
});
