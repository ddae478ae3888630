/** Events under the prefix that look like the ledger's and that no sender could have given it. */
import { expect, test } from "vitest";
import type { EventSketch } from "../../contract/sample-events.ts";
import {
  checkedEvent,
  checkedEvents,
  failure,
  part,
  placeOf,
} from "../../contract/sample-events.ts";
import { statusOf, until } from "../ledger-on-server.ts";
import { openOnStandIn } from "./on-stand-in.ts";

test.each<[string, EventSketch]>([
  ["that lack what their type needs", { data: { cluster: "alpha" } }],
  ["with a member that their type has not", { data: { ...failure("n1", "f1"), foreign: 1 } }],
  [
    "with an instant in another form than the ledger's",
    {
      type: "NodeMaintenanceAnnounced",
      data: {
        cluster: "alpha",
        node: "n1",
        maintenanceId: "m1",
        plannedFrom: "2026-03-04T09:00:00+02:00",
        plannedTo: "2026-03-04T10:00:00+02:00",
      },
    },
  ],
])("a mirror stops at data %s, and says where", async (_, sketch) => {
  const { standIn, store, appendElsewhere } = await openOnStandIn();
  await placeOf(store, part("s", "no-stream", checkedEvents(2)));
  appendElsewhere("x", "no-stream", [checkedEvent(sketch)]);
  await until(() => statusOf(store).mirrorState === "stopped");
  const { position } = standIn.log.events.findLast(({ stream }) => stream.endsWith(".x")) ?? {};
  expect(statusOf(store).error).toContain(`position ${position}`);
  expect((await store.head()).sequence).toBe(2);
});
