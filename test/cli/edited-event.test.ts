import { describe, expect, test } from "vitest";
import { tamper } from "../store/sqlite/ledger-file.ts";
import { run } from "./run.ts";
import { sealedFolder } from "./sealed-folder.ts";

const folder = sealedFolder();
const { store, secret, sealed } = folder;

describe("an event that was edited in the file", () => {
  test.each([2, 3])(
    "at sequence %d is named, and keeps the ledger from being sealed",
    async (sequence) => {
      await sealed();
      tamper(
        folder.path("ledger.sqlite"),
        `UPDATE events SET occurred_at = occurred_at + 1 WHERE sequence = ${sequence}`,
      );
      const { code, said } = await run("seal", "--store", store(), "--key", secret());
      expect(said).toMatch(new RegExp(`event ${sequence} is not what was stored: its hash is not`));
      expect(code).toBe(1);
      const { out } = await run("events", "--store", store(), "--type", "LedgerSealed");
      expect(out.trim().split("\n")).toHaveLength(1);
    },
  );
});
