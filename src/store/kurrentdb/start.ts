/**
 * Waits for a store's first answer. It reports at once why there is none yet, and stops waiting for an error that no
 * wait can fix.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { LedgerError } from "../../errors.ts";
import { isLedgerError } from "../../errors.ts";
import { longestRetryMs, storeCallMs, storeStartMs } from "../../limits/kurrentdb.ts";
import type { Position } from "./client/client.ts";
import { KurrentDbClient, errorKind, unreachable, within, wordsOf } from "./client/client.ts";
import { parseKurrentDbName } from "./client/name.ts";
import type { Say } from "../telling.ts";

/** Matches the errors of OpenSSL and Node for a certificate that is not valid for this host, or a server without TLS. */
const certificateError = /certificate|ERR_TLS_|altnames/i;
const addressForName = /ServerName to an IP address/;
const noTls = /wrong version number|EPROTO|packet length too long|ERR_SSL_/;

/** The store's last position, once it answers. Throws `store-unavailable`. */
export async function firstAnswer(
  client: KurrentDbClient,
  { limitMs, say }: { readonly limitMs: number; readonly say: Say },
): Promise<Position | null> {
  const { description } = client.name;
  const startedAt = performance.now();
  const leftMs = (): number => startedAt + limitMs - performance.now();
  // A new store knows its administrator only after some seconds.
  const deniedAt = startedAt + storeStartMs / 6;
  let told: string | null = null;
  for (;;) {
    try {
      const work = client.lastPosition();
      const answer = await within(work, Math.min(storeCallMs, leftMs()), "reading the store");
      if (told !== null) say(`${description} is answering now`, "info");
      return answer;
    } catch (error) {
      const cause = await causeOf(client, error);
      const isDenied = errorKind(cause) === "access-denied";
      const isInVain = isHopeless(cause) || (isDenied && performance.now() > deniedAt);
      if (isInVain || leftMs() < longestRetryMs / 2) {
        throw unreachable(`reaching ${description}`, explained(client, cause));
      }
      if (told === null) {
        told = wordsOf(explained(client, cause));
        say(`${description} does not answer yet; trying again: ${told}`, "warn");
      }
    }
    await pause(longestRetryMs / 4);
  }
}

/** Throws `store-unavailable` if the store does not answer a single request. */
export async function assertAnswers(name: string): Promise<void> {
  const client = new KurrentDbClient(parseKurrentDbName(name));
  try {
    await client.lastPosition();
  } catch (error) {
    throw unreachable(`reaching ${client.name.description}`, await causeOf(client, error));
  } finally {
    await client.dispose();
  }
}

/** Whether the store could not be reached although the request itself was right: it may come back. */
export function isAway(error: unknown): error is LedgerError {
  if (!isLedgerError(error, "store-unavailable")) return false;
  return !isHopeless(error.cause) && errorKind(error.cause) !== "access-denied";
}

/** Whether waiting cannot help. */
function isHopeless(error: unknown): boolean {
  const words = wordsOf(error);
  return [certificateError, addressForName, noTls].some((known) => known.test(words));
}

/** With several hosts the client only says that it found none to use, so each host is asked for its own error. */
async function causeOf(client: KurrentDbClient, error: unknown): Promise<unknown> {
  const { name } = client;
  if (!wordsOf(error).startsWith("Failed to discover")) return error;
  const causes = await Promise.all(
    name.hostConnections.map((connection) => failureOf({ ...name, connection })),
  );
  const found = causes.filter((cause) => cause !== null);
  // If a certificate is wrong on one host, another that is not up yet, or not leading yet, may still work.
  if (found.length < causes.length) return error;
  return found.find((cause) => !isHopeless(cause)) ?? found[0] ?? error;
}

/** Why one host does not answer when asked alone; `null` if it does. */
async function failureOf(name: KurrentDbClient["name"]): Promise<unknown> {
  const alone = new KurrentDbClient(name);
  try {
    await within(alone.lastPosition(), storeCallMs / 4, "looking at one host");
    return null;
  } catch (error) {
    return error;
  } finally {
    await alone.dispose();
  }
}

/** Adds advice that the library's words leave out. */
function explained({ name }: KurrentDbClient, error: unknown): unknown {
  const words = wordsOf(error);
  const hint = hintOf(words, name.isSecure);
  return hint === null ? error : new Error(`${words} (${hint})`, { cause: error });
}

function hintOf(words: string, isSecure: boolean): string | null {
  if (noTls.test(words)) return "it does not use TLS; set tls=false";
  if (addressForName.test(words)) return "give the host's name, not its address";
  if (/altnames/i.test(words)) return "use the host name in its certificate";
  if (certificateError.test(words)) return "give the authority's certificate with tlsCAFile";
  if (!isSecure && words.includes("Failed to connect")) {
    return "it may expect TLS; set tls=true";
  }
  return null;
}
