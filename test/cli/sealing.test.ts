/** The options by which a serving ledger is sealed, and what is said where it is not. */
import { Command } from "commander";
import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import type { SealingOptions } from "../../src/cli/options/sealing.ts";
import { addSealingOptions, auditOf } from "../../src/cli/options/sealing.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";

function optionsOf(...args: string[]): SealingOptions {
  return addSealingOptions(new Command()).parse(args, { from: "user" }).opts();
}

test("the key and the witness may be given in the environment, as in a container", () => {
  expect(optionsOf()).not.toHaveProperty("key");
  vi.stubEnv("FLEETLEDGER_KEY_FILE", "/keys/ledger.key");
  vi.stubEnv("FLEETLEDGER_SEAL_TO", "/elsewhere/checkpoints");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(optionsOf()).toMatchObject({ key: "/keys/ledger.key", sealTo: "/elsewhere/checkpoints" });
  expect(optionsOf("--key", "mine.key").key).toBe("mine.key");
});

test("serving a ledger without a key says that nothing is sealed", async () => {
  const ledger = await openLedger({ store: `sqlite:${freshPath()}`, mode: "write" });
  onTestFinished(() => ledger.close());
  const lines: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const audit = await auditOf(ledger, optionsOf(), logger);
  expect(audit.signer).toBeNull();
  expect(lines).toEqual([expect.stringMatching(/"level":40.*nothing is sealed/)]);
});
