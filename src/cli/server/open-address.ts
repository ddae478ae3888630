/** Addresses that others reach need a key. */
import { keyEventsOf } from "../../access/key-ring.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { UsageError } from "../terminal/terminal.ts";

interface Reached {
  readonly host: string;
  readonly openToAll?: boolean | undefined;
}

/** Whether nobody needs a key. */
export async function isOpen(ledger: Ledger): Promise<boolean> {
  if (process.env["FLEETLEDGER_API_KEY"] !== undefined) return false;
  const events = await keyEventsOf(ledger);
  return events.length === 0;
}

/** Throws UsageError for an address that others reach, as long as there is no key. */
export async function refuseOpen(ledger: Ledger, { host, openToAll }: Reached): Promise<void> {
  if (isLoopback(host) || openToAll === true || !(await isOpen(ledger))) return;
  throw new UsageError(
    `there is no key yet, and others can reach ${host}: issue one with \`access add NAME --role admin\`, or serve without keys by --open-to-all`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
