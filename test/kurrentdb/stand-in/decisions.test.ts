/** What a command sees of its own stream while the mirror is behind. */
import { describe, expect, test } from "vitest";
import { checkedEvent } from "../../contract/sample-events.ts";
import { decidingInstance, eventsOf, joinNodes } from "../deciding-instance.ts";
import { freshFolder, ledgerOn, until } from "../ledger-on-server.ts";
import { aMoment, around } from "./on-stand-in.ts";
import { startStandIn } from "./stand-in.ts";

describe("a command", () => {
  test("sees what another instance has appended to its stream, although the mirror does not have it yet", async () => {
    const standIn = await startStandIn();
    const { ledger, appendElsewhere } = around(standIn, ledgerOn(standIn.url));
    const instance = await decidingInstance(ledger.name(freshFolder()), "none");
    await joinNodes(instance.ledger, ["n1"]);
    const about = { cluster: "alpha", rollout: "r1" };
    const submitted = checkedEvent({
      type: "RolloutSubmitted",
      data: {
        ...about,
        updates: [{ component: "driver", version: "2" }],
        targets: { nodes: ["n1"] },
        impact: { kind: "impactless" },
        urgency: "routine",
      },
    });
    const cancelled = checkedEvent({ type: "RolloutCancelled", data: about, occurredAt: 2_000 });
    appendElsewhere("rollout-r1", "no-stream", [submitted]);
    await until(async () => (await eventsOf(instance, "rollout-r1")).length === 1);
    standIn.holdDeliveries(true);
    appendElsewhere("rollout-r1", 0n, [cancelled]);
    const answered = instance.start("r1").then(
      () => "started",
      (error: unknown) => error,
    );
    await aMoment();
    expect(await eventsOf(instance, "rollout-r1")).toHaveLength(1);
    standIn.holdDeliveries(false);
    expect(await answered).toMatchObject({
      code: "transition-refused",
      extra: { state: "cancelled" },
    });
  });
});
