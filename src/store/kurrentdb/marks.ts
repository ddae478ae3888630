/**
 * Marks of a ledger that lives in KurrentDB: a stream beside the ledger's own, so that every instance
 * reads the same, and a mirror that was lost takes none with it.
 */
import { jsonEvent } from "@eventstore/db-client";
import { LedgerError } from "../../errors.ts";
import { maxAppendAttempts } from "../../limits/store.ts";
import type { KurrentDbClient } from "./client/client.ts";
import { errorKind, unreachable } from "./client/client.ts";

/** A stream of the ledger's that holds no facts: outside the prefix that the mirror follows. */
export function controlStream(client: KurrentDbClient, name: string): string {
  return `control.${client.name.prefix}${name}`;
}

function markStream(client: KurrentDbClient, name: string): string {
  return controlStream(client, `mark-${name}`);
}

/** The last word of a mark, `null` if it was never set. Throws `store-unavailable`. */
export async function readStoreMark(client: KurrentDbClient, name: string): Promise<string | null> {
  try {
    const data = (await client.readLast(markStream(client, name)))?.data;
    if (data === undefined) return null;
    if (typeof data === "object" && "value" in data && typeof data.value === "string") {
      return data.value;
    }
  } catch (error) {
    throw unreachable(`reading the mark ${name}`, error);
  }
  throw new LedgerError("corrupt-event", `the store's mark ${name} cannot be read`);
}

/** Sets a mark; of two who set it at once, the later one stands. Throws `store-unavailable`. */
export async function writeStoreMark(
  client: KurrentDbClient,
  name: string,
  value: string,
): Promise<void> {
  const stream = markStream(client, name);
  const event = jsonEvent({ type: "MarkSet", data: { value } });
  for (let attempt = 1; ; attempt++) {
    try {
      const last = await client.readLast(stream);
      await client.append(stream, [event], last?.revision ?? "no-stream");
      return;
    } catch (error) {
      const isRace = errorKind(error) === "wrong-expected-version";
      if (!isRace || attempt >= maxAppendAttempts)
        throw unreachable(`setting the mark ${name}`, error);
    }
  }
}
