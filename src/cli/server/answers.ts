/** Requests to a server, with JSON answers. */
import type { Server } from "./server.ts";
import { sendForJson } from "./server.ts";

/** The query string of the members that are set, with its question mark. */
export function queryText(members: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}

/** `path` from `/v1` on, with its query. */
export async function getJson<T>(server: Server, path: string): Promise<T> {
  return await sendForJson<T>(server, { method: "GET", path });
}

/** One JSON answer to a JSON body. */
export async function postJson<T>(server: Server, path: string, body: object): Promise<T> {
  return await sendForJson<T>(server, {
    method: "POST",
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The answer of `/readyz`; a server that is not ready gives the same members in its problem document. */
export async function getReadiness<T>(server: Server): Promise<T> {
  return await sendForJson<T>(server, { method: "GET", path: "/readyz", mayBeRefused: true });
}
