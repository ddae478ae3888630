/**
 * The store's default access list: only the ledger's user and administrators read and write, and only
 * administrators delete, truncate or change a stream's metadata.
 */
import { jsonEvent } from "@eventstore/db-client";
import type { KurrentDbClient } from "./client.ts";
import { errorKind } from "./client.ts";
import type { Say } from "../../telling.ts";

const administrators = "$admins";

/** Sets the default access list if the store has none, and tells the operator what to know. Never rejects. */
export async function guardStore(client: KurrentDbClient, say: Say): Promise<void> {
  const { isSecure, credentials, description } = client.name;
  if (!isSecure) {
    say(
      `${description} runs without TLS and users: anyone who can reach it can write, delete and truncate`,
      "warn",
    );
    return;
  }
  const user = credentials?.username ?? "admin";
  const readers = user === "admin" ? [administrators] : [administrators, user];
  const rights = {
    $r: readers,
    $w: readers,
    $d: administrators,
    $mr: readers,
    $mw: administrators,
  };
  const wanted = { $userStreamAcl: rights, $systemStreamAcl: { ...rights, $w: administrators } };
  try {
    const present = await client.readLast("$settings");
    if (present !== null) {
      if (JSON.stringify(present.data) !== JSON.stringify(wanted)) {
        say(
          `${description} already has a default access list ($settings); make sure that only ${user} can write the ledger's streams and only administrators can delete`,
          "warn",
        );
      }
      return;
    }
    await client.append(
      "$settings",
      [jsonEvent({ type: "update-default-acl", data: wanted })],
      "no-stream",
    );
    say(
      `set the default access list of ${description}: ${user} writes, administrators delete`,
      "info",
    );
  } catch (error) {
    // Another instance may have set it in the meantime.
    if (errorKind(error) === "wrong-expected-version") return;
    const words = error instanceof Error ? error.message : String(error);
    say(`the default access list of ${description} could not be set: ${words}`, "warn");
  }
}
