/**
 * Marks of a ledger in KurrentDB, kept in the store beside the ledger's streams, so that every instance reads the same
 * marks and none is lost with a mirror.
 */
import { jsonEvent } from "@eventstore/db-client";
import { LedgerError } from "../../errors.ts";
import { maxAppendAttempts } from "../../limits/store.ts";
import type { KurrentDbClient } from "./client/client.ts";
import { errorKind, unreachable } from "./client/client.ts";

/** The name of a stream for the ledger's own use. It is outside the prefix that the mirror follows, and holds no facts. */
export function controlStream(client: KurrentDbClient, name: string): string {
  return `control.${client.name.prefix}${name}`;
}

function markStream(client: KurrentDbClient, name: string): string {
  return controlStream(client, `mark-${name}`);
}

/** The current value of a mark, `null` if it was never set. Throws `store-unavailable`. */
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

/** Sets a mark; if two instances set it at the same time, the later write wins. Throws `store-unavailable`. */
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
