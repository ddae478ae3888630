/** The suite that any implementation of the store port must pass. */
import { describe } from "vitest";
import { appendContract } from "./append-contract.ts";
import { idempotenceContract } from "./idempotence-contract.ts";
import { queryContract } from "./query-contract.ts";
import { readContract } from "./read-contract.ts";
import type { MakeStore } from "./store-under-test.ts";
import { subscriptionContract } from "./subscription-contract.ts";

export function eventStoreContract(name: string, make: MakeStore): void {
  describe(`the event store: ${name}`, () => {
    appendContract(make);
    idempotenceContract(make);
    readContract(make);
    queryContract(make);
    subscriptionContract(make);
  });
}
