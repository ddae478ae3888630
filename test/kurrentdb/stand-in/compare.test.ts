/** A mirror held against its whole store. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { positionMark } from "../../../src/store/sqlite/rows/marks.ts";
import { compareWithStore } from "../../../src/store/mirror/compare.ts";
import { checkedEvents, part, positionOf } from "../../contract/sample-events.ts";
import { freshFolder, ledgerOn } from "../ledger-on-server.ts";
import { around } from "./on-stand-in.ts";
import { startStandIn } from "./stand-in.ts";

test("a mirror that is known to be behind is valid; one that claims to be complete lacks what the store has", async () => {
  const standIn = await startStandIn();
  const { ledger, appendElsewhere } = around(standIn, ledgerOn(standIn.url));
  const folder = freshFolder();
  const path = join(folder, "mirror.sqlite");
  const store = await ledger.open(folder);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
  await store.close();
  appendElsewhere("node-alpha:t", "no-stream", checkedEvents(2));
  const compared = () => compareWithStore(ledger.name(folder), path, () => undefined);
  expect(await compared()).toBeNull();
  const last = standIn.log.events.at(-1)?.position;
  const mirror = await openEmbeddedStore({ path, mode: "write", isDerived: true });
  mirror.takeWhole([], { [positionMark]: `${last}/${last}` });
  await mirror.close();
  expect((await compared())?.message).toMatch(/\(revision 0 of .*t\) is missing from the mirror/);
});
