import { describe, expect, it } from "vitest";
import { MadeOnce } from "../../../src/dashboard/frame/made-once.ts";

const text = (length: number) => async () => "x".repeat(length);
const keptTexts = (maxBytes: number) => new MadeOnce<string>(maxBytes, (made) => 2 * made.length);

describe("what is made once", () => {
  it("is made once, however many ask at once", async () => {
    const kept = keptTexts(100_000);
    let made = 0;
    const make = async () => {
      made++;
      await Promise.resolve();
      return "a panel";
    };
    const all = await Promise.all([kept.get("a", make), kept.get("a", make), kept.get("a", make)]);
    expect([all, made]).toEqual([["a panel", "a panel", "a panel"], 1]);
  });

  it("is never more than its bytes, and what was used last stays", async () => {
    const kept = keptTexts(12_000);
    for (const key of ["a", "b", "c"]) await kept.get(key, text(1_500));
    expect(await kept.peek("a")).not.toBeNull();
    // "a" is used again, so "b" is the oldest when the fourth comes.
    await kept.get("a", text(0));
    await kept.get("d", text(1_500));
    expect(kept.bytes).toBeLessThanOrEqual(12_000);
    expect([await kept.peek("b"), (await kept.peek("a"))?.length]).toEqual([null, 1_500]);
  });

  it("is made again when it failed", async () => {
    const kept = keptTexts(100_000);
    const failing = kept.get("a", async () => {
      throw new Error("no figures");
    });
    await expect(failing).rejects.toThrow("no figures");
    expect([await kept.get("a", text(3)), kept.bytes > 0]).toEqual(["xxx", true]);
  });

  it("is given and not kept where it is larger than all that may be kept", async () => {
    const kept = keptTexts(1_000);
    expect((await kept.get("a", text(9_000))).length).toBe(9_000);
    expect([kept.bytes, await kept.peek("a")]).toEqual([0, null]);
  });
});
