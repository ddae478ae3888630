/** The process that drives timers is killed while zones begin and end: another stops and releases what they hold. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { KurrentDbClient } from "../../src/store/kurrentdb/client/client.ts";
import { parseKurrentDbName } from "../../src/store/kurrentdb/client/name.ts";
import { soakRuns } from "../random-runs.ts";
import {
  type Instance,
  decidingInstance,
  eventsOf,
  joinNodes,
  refusedWith,
} from "./deciding-instance.ts";
import { freshFolder, ledgerOn, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const program = join(import.meta.dirname, "../../bin/fleetledger.js");
/** From a zone's declaration to its begin or end: the holder is killed meanwhile. */
const soonMs = 1_500;

/** `fleetledger serve` over the store, on a mirror that it keeps. */
async function startServing(store: string): Promise<ChildProcess> {
  const options = ["serve", "--store", store, "--port", "0", "--log-level", "warn"];
  const child = spawn(process.execPath, [program, ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  await until(() => said.includes("fleetledger serves"));
  return child;
}

/** The processes that serve, and which of them drives timers. */
class Serving {
  readonly #stores: readonly string[];
  readonly #leaseStream: string;
  readonly #client: KurrentDbClient;
  readonly #children: ChildProcess[] = [];

  constructor(server: string, prefix: string, stores: readonly string[]) {
    // The ledger's own: waits on the library's client may not end.
    this.#client = new KurrentDbClient(parseKurrentDbName(server));
    onTestFinished(() => this.#client.dispose());
    this.#leaseStream = `control.${prefix}lease-timers`;
    this.#stores = stores;
  }

  /** Starts those that do not run. */
  async startAll(): Promise<void> {
    for (const [i, store] of this.#stores.entries()) {
      const child = this.#children[i];
      if (child?.exitCode === null && child.signalCode === null) continue;
      this.#children[i] = await startServing(store);
    }
  }

  /** Kills the one that holds the lease, once it does. */
  async killHolder(): Promise<void> {
    let holder: ChildProcess | undefined;
    await until(async () => {
      const pid = await this.#holder();
      holder = this.#children.find((child) => child.pid === pid && child.signalCode === null);
      return holder !== undefined;
    });
    const gone = new Promise((resolve) => holder?.once("exit", resolve));
    holder?.kill("SIGKILL");
    await gone;
  }

  /** The process that took or renewed the lease last. */
  async #holder(): Promise<number | null> {
    const last = await this.#client.readLast(this.#leaseStream);
    if (last === null) return null;
    const { holder } = last.data as { readonly holder: string };
    return Number(holder.split("/").at(-2));
  }
}

const typesOf = (events: readonly StoredEvent[]): string[] => events.map(({ type }) => type);

/** What the ledger did of its own accord. */
function swept(events: readonly StoredEvent[]): StoredEvent[] {
  return events.filter(({ attribution }) => attribution.decision?.command === "sweep");
}

/** A rollout that waits for a zone to end, and one in progress that a zone is about to stop. */
async function underZones(instance: Instance, i: number): Promise<number> {
  const [waits, goes] = [`waits${i}`, `goes${i}`];
  await instance.submit(waits, `a${i}`);
  await instance.submit(goes, `b${i}`);
  await instance.start(goes);
  const soon = Date.now() + soonMs;
  await instance.declare(`ends${i}`, `a${i}`, "pause", { to: soon });
  await instance.declare(`begins${i}`, `b${i}`, "pause", { from: soon });
  expect(await refusedWith("nfz-in-force", instance.start(waits))).toBeNull();
  return soon;
}

describe.skipIf(whyNoServer !== null)("the timers of instances that serve", () => {
  /** Each round on a ledger of its own: twenty kills in all. */
  const rounds = Array.from({ length: soakRuns(4, 1) }, (_, i) => i + 1);
  const kills = soakRuns(5, 1);

  test.each(rounds)(
    "go on in another instance when their holder is killed, which stops and releases each rollout once, round %i",
    async () => {
      const server = await sharedServer();
      const on = ledgerOn(server);
      const instance = await decidingInstance(on.name(freshFolder()), "none");
      const nodes = Array.from({ length: kills }, (_, i) => [`a${i}`, `b${i}`]).flat();
      await joinNodes(instance.ledger, nodes);
      const serving = new Serving(server, on.prefix, [
        on.name(freshFolder()),
        on.name(freshFolder()),
      ]);
      const read = (rollout: string): Promise<StoredEvent[]> =>
        eventsOf(instance, `rollout-${rollout}`);
      const lateMs: number[] = [];
      for (let i = 0; i < kills; i++) {
        await serving.startAll();
        const soon = await underZones(instance, i);
        await serving.killHolder();
        await until(async () => typesOf(await read(`waits${i}`)).includes("RolloutUnblocked"));
        await until(async () => typesOf(await read(`goes${i}`)).includes("RolloutBlocked"));
        const [released] = swept(await read(`waits${i}`));
        expect(released?.occurredAt).toBeGreaterThanOrEqual(soon);
        lateMs.push((released?.recordedAt ?? Infinity) - soon);
      }
      console.log(
        `released after the zone's end, with its holder killed, in ms:`,
        lateMs.join(" "),
      );
      await serving.startAll();
      for (let i = 0; i < kills; i++) {
        expect(typesOf(await read(`waits${i}`))).toEqual([
          "RolloutSubmitted",
          "RolloutBlocked",
          "RolloutUnblocked",
        ]);
        expect(typesOf(await read(`goes${i}`))).toEqual([
          "RolloutSubmitted",
          "RolloutStarted",
          "RolloutPaused",
          "RolloutBlocked",
        ]);
        // Released, it goes on where nothing holds it.
        expect(await instance.start(`waits${i}`)).toMatchObject({ state: "in-progress" });
      }
    },
  );
});
