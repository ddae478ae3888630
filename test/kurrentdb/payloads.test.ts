/** Payloads of the field over KurrentDB: the same answers and events, with a restart between any two deliveries. */
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { checkedCloudEvents } from "../sources/payloads/cloud-events.ts";
import { checkedEvents } from "../sources/payloads/conformance.ts";
import { cases, clock, hasPayloads } from "../sources/payloads/deliveries.ts";
import { freshFolder, ledgerOn } from "./ledger-on-server.ts";
import { startStandIn } from "./stand-in/stand-in.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

function payloadsOver(urlOf: () => Promise<string>): void {
  describe.each(["the mirror that was there", "a new mirror"])("restarted with %s", (mirror) => {
    /** The ledger, started anew each time that it is asked for. */
    async function restarting(): Promise<() => Promise<Ledger>> {
      const server = ledgerOn(await urlOf());
      const first = freshFolder();
      let running: Ledger | null = null;
      onTestFinished(async () => await running?.close());
      return async () => {
        await running?.close();
        const store = server.name(mirror === "a new mirror" ? freshFolder() : first);
        running = await openLedger({ store, mode: "write", clock });
        return running;
      };
    }

    test.each(cases)("%s gives the expected events", async (_title, folder, expected) => {
      expect(await checkedEvents(expected, folder, await restarting())).toBe(
        expected.events.length,
      );
    });

    test("CloudEvents give the expected events", async () => {
      expect(await checkedCloudEvents(await restarting())).toBeGreaterThan(0);
    });
  });
}

describe.skipIf(!hasPayloads)("payloads over the stand-in for KurrentDB", () => {
  payloadsOver(async () => (await startStandIn()).url);
});

describe.skipIf(whyNoServer !== null || !hasPayloads)("payloads over a real KurrentDB", () => {
  payloadsOver(sharedServer);
});
