import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ledgerOn } from "../../src/ledger/ledger-on-store.ts";
import type { EventStore } from "../../src/store/port.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { failed } from "./sample-events.ts";

test("requests of one turn of the event loop share a commit, however many steps each takes to arrive", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  const real = await openEmbeddedStore({ path: join(folder, "ledger.sqlite"), mode: "write" });
  const appended: number[] = [];
  const store = new Proxy<EventStore>(real, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name === "append")
        return async (parts: Parameters<EventStore["append"]>[0]) => {
          appended.push(parts.reduce((sum, { events }) => sum + events.length, 0));
          return await target.append(parts);
        };
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const ledger = await ledgerOn(store, { mode: "write" });
  const arrive = async (number: number) => {
    for (let step = 0; step < 5 * number; step++) await Promise.resolve();
    return await ledger.submit([failed(number, `n${number}`)]);
  };
  await Promise.all([0, 1, 2, 3, 4].map(arrive));
  expect(appended).toEqual([5]);
  await ledger.close();
  rmSync(folder, { recursive: true });
});
