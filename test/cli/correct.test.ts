import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run } from "./run.ts";
import { failed, sealedFolder } from "./sealed-folder.ts";

const folder = sealedFolder();
const { store, secret, sealed } = folder;

describe("the commands correct and retract", () => {
  const why = ["--reason", "wrong clock", "--actor", "eva"];

  test("append the correction once per id, and replay finds the same figures", async () => {
    await sealed();
    const id = "22222222-2222-4222-8222-222222222222";
    const args = [failed, ...why, "--occurred-at", "2026-01-03T00:00:00Z", "--store", store()];
    const { code, out } = await run("correct", ...args, "--id", id);
    expect([code, out]).toEqual([0, `${id}\n`]);
    const retracted = await run("retract", id, ...why, "--store", store());
    expect(retracted.code).toBe(0);
    const replayed = await run("replay", "--store", store());
    expect(replayed.out).toMatch(
      /^equal byte for byte: 2 documents of 1 clusters, from 6 raw events/,
    );
    expect((await run("replay", "--to", "3", "--store", store())).code).toBe(0);
    expect((await run("replay", "--to", "7", "--store", store())).code).toBe(2);
  });

  test("say which event retracted the fact before, and how to restore it", async () => {
    await sealed();
    const at = ["--store", store()];
    const [first, second] = [
      "22222222-2222-4222-8222-222222222222",
      "33333333-3333-4333-8333-333333333333",
    ];
    const one = await run("retract", failed, ...why, ...at, "--id", first);
    expect(one.said).not.toContain("note:");
    const again = await run("retract", failed, ...why, ...at, "--id", second);
    expect(again.code).toBe(0);
    expect(again.said).toMatch(
      new RegExp(`note: .*retracted already, by event ${first} at sequence`),
    );
    expect(again.said).toContain(`retract each of ${first}, ${second}`);
    // Once the first is retracted itself, the second is the only one.
    await run("retract", first, ...why, ...at);
    const third = await run("retract", failed, ...why, ...at);
    expect(third.said).toContain(`by event ${second} at sequence`);
  });

  test("are refused without a reason, without content, and for a missing event", async () => {
    await sealed();
    const at = ["--store", store()];
    expect((await run("retract", failed, "--actor", "eva", ...at)).code).toBe(2);
    const blank = await run("retract", failed, "--actor", " ", "--reason", "r", ...at);
    expect([blank.code, blank.said]).toEqual([2, expect.stringContaining("must not be empty")]);
    expect((await run("correct", failed, ...why, ...at)).code).toBe(2);
    const unknown = "33333333-3333-4333-8333-333333333333";
    expect((await run("retract", unknown, ...why, ...at)).said).toContain(
      "does not name an earlier event",
    );
    const seal = await run("events", "--type", "LedgerSealed", ...at);
    const { id } = JSON.parse(seal.out) as { id: string };
    expect((await run("retract", id, ...why, ...at)).said).toContain("names a system event");
  });

  test("create no ledger if there is none; nor does seal", async () => {
    await sealed();
    const nothing = folder.path("nothing.sqlite");
    const { code, said } = await run("retract", failed, ...why, "--store", `sqlite:${nothing}`);
    expect([code, said]).toEqual([2, expect.stringContaining(`no ledger at ${nothing}`)]);
    expect(existsSync(nothing)).toBe(false);
    const seal = await run("seal", "--store", `sqlite:${nothing}`, "--key", secret());
    expect([seal.code, seal.said]).toEqual([2, expect.stringContaining("no ledger at")]);
    expect(existsSync(nothing)).toBe(false);
  });
});
