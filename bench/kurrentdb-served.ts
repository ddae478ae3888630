/** A ledger in KurrentDB that a process of its own serves: single events are posted to it, each on a connection of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StreamAppend } from "../src/store/port.ts";
import { freshPrefix } from "../test/kurrentdb/server.ts";
import type { Rival } from "./kurrentdb-rivals.ts";
import { serveStore } from "./served-ledger.ts";
import { post } from "./singles.ts";

/** An event as a sender posts it. */
function bodiesOf({ events }: StreamAppend): string[] {
  return events.map(({ id, type, occurredAt, data, attributionJson }) => {
    const attribution = JSON.parse(attributionJson) as object;
    const instant = new Date(occurredAt).toISOString();
    return JSON.stringify({ id, type, occurredAt: instant, data, ...attribution });
  });
}

/** `stop` ends the server. */
export async function servedRival(
  name: string,
  url: string,
  connections: number,
): Promise<{ readonly rival: Rival; readonly stop: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const own = `${url}#${new URLSearchParams({ prefix: freshPrefix(), data }).toString()}`;
  const ledger = await serveStore(own, ["--rates", "writes=1000000", "--log-level", "error"]);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const append = async (parts: readonly StreamAppend[]): Promise<void> => {
    const bodies = parts.flatMap(bodiesOf);
    await Promise.all(bodies.map((body) => post(agent, `${ledger.url}/v1/events`, body)));
  };
  return {
    rival: {
      name,
      of: "bare client",
      with: (work) => work({ append, settle: () => Promise.resolve() }),
    },
    stop: async () => {
      agent.destroy();
      await ledger.stop();
      rmSync(data, { recursive: true });
    },
  };
}
