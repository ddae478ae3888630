/** A process that opens the ledger named by its argument for writing, and prints what came of it. */
import { isLedgerError } from "../../../src/errors.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";

try {
  const store = await openEmbeddedStore({ path: process.argv[2] ?? "", mode: "write" });
  await store.close();
  process.stdout.write("opened");
} catch (error) {
  process.stdout.write(isLedgerError(error) ? error.code : String(error));
}
