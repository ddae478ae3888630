/** What the client does unwatched, after a call that failed, ends no process. */
import { EventStoreDBClient } from "@eventstore/db-client";
import { describe, expect, test } from "vitest";
import { settleUnwatched } from "../../../src/store/kurrentdb/client/channel-settled.ts";

describe("the KurrentDB client", () => {
  test("whose reconnection fails during a failed call causes no unhandled rejection", async () => {
    const unheard: unknown[] = [];
    const client = {
      handleError: async (...args: readonly unknown[]): Promise<void> => {
        unheard.push(args);
        throw new Error("Failed to discover after 10 attempts.");
      },
    };
    settleUnwatched(client);
    await expect(client.handleError("call", "error")).resolves.toBeUndefined();
    expect(unheard).toEqual([["call", "error"]]);
  });

  test("in the version in use still has the method that is replaced here", () => {
    const client = EventStoreDBClient.connectionString("esdb://127.0.0.1:1?tls=false");
    const before: unknown = Reflect.get(client, "handleError");
    settleUnwatched(client);
    expect(before).toBeTypeOf("function");
    expect(Reflect.get(client, "handleError")).not.toBe(before);
  });
});
