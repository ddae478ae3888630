/** Where targets and scopes are is kept, but never longer than the members stay as they are. */
import { expect, it } from "vitest";
import { hour, iso } from "../projections/history.ts";
import { rolloutLedger } from "./rollouts/rollout-ledger.ts";

it("a node that was said to come after the hour's end is a member when it has come", async () => {
  await using about = await rolloutLedger();
  const targets = { nodes: ["n1"] };
  const updates = [{ component: "driver", version: "2" }];
  const said = { updates, impact: { kind: "impactless" }, urgency: "routine", targets };
  await about.state("RolloutSubmitted", 0, { rollout: "r", cluster: "c", ...said });
  const occurrences = [{ from: iso(hour(0.5)), to: iso(hour(5)) }];
  const zone = { nfz: "x", cluster: "c", occurrences, inFlight: "pause", scope: { racks: ["A"] } };
  await about.state("NfzDeclared", 0, zone);
  about.setClock(58 / 60);
  await about.state("NodeCommissioned", 62 / 60, { node: "n1", cluster: "c", rack: "A" });
  const body = { role: "approver", expiresAt: iso(hour(2)), nfzIds: ["x"] };
  const override = { name: "override", body } as const;
  expect(await about.ask(override)).toMatchObject({ code: "override-refused", because: "nfz" });
  about.setClock(65 / 60);
  expect(await about.ask({ name: "start" })).toMatchObject({ code: "nfz-in-force" });
});
