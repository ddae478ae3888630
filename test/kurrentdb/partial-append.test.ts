/** What a server that was killed can leave behind: the beginning of an append, without the rest. */
import { EventStoreDBClient, NO_STREAM } from "@eventstore/db-client";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { toKurrentDb } from "../../src/store/kurrentdb/client/event.ts";
import { checkedEvents, part, positionOf, refusalOf, settled } from "../contract/sample-events.ts";
import { ledgerOn } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

describe.skipIf(whyNoServer !== null)(
  "a partial append, of which the store has only the first events,",
  () => {
    const { stream, events } = part("node-alpha:s", "no-stream", checkedEvents(4));

    async function halfAppended(kept: number, size: number) {
      const url = await sharedServer();
      const ledger = ledgerOn(url);
      const store = await ledger.open();
      const client = EventStoreDBClient.connectionString(url);
      onTestFinished(() => client.dispose());
      const half = events
        .slice(0, kept)
        .map((event, i) => toKurrentDb(event, 5_000, { index: i + 1, size }));
      await client.appendToStream(`${ledger.prefix}${stream}`, half, {
        expectedRevision: NO_STREAM,
      });
      await settled(store, kept);
      return store;
    }

    test("is completed when it is sent again", async () => {
      const store = await halfAppended(2, 4);
      const whole = part(stream, "no-stream", events);
      expect(await positionOf(store, whole)).toMatchObject({
        firstRevision: 0n,
        sequences: [1, 2, 3, 4],
      });
      expect(await positionOf(store, whole)).toMatchObject({ firstRevision: 0n, duplicate: true });
      expect(await store.streamRevision(stream)).toBe(3n);
    });

    test("is a conflict if the stored events are a complete append, or others follow them", async () => {
      for (const size of [2, 3, 5]) {
        const store = await halfAppended(2, size);
        const error = await refusalOf(store, part(stream, "no-stream", events));
        expect(error).toMatchObject({ code: "id-conflict" });
        expect(await store.streamRevision(stream)).toBe(1n);
      }
    });
  },
);
