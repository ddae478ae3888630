/** Where targets and scopes are is kept, but never longer than the members stay as they are. */
import { expect, it } from "vitest";
import { hour, iso } from "../projections/history.ts";
import { KeptPlaces } from "../../src/decisions/command/kept-places.ts";
import { worldAt } from "../../src/decisions/command/world.ts";
import { rolloutLedger } from "./rollouts/rollout-ledger.ts";
import { Situation } from "./situation.ts";

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

/** Where rack A is at each of the hours, by one keeper, with all that was known by the sequence. */
function racksAt(situation: Situation, asked: readonly (readonly [number, number])[]): string[] {
  const kept = new KeptPlaces({
    eventsOf: (types, after, upTo) =>
      situation.events.slice(after, upTo).filter(({ type }) => types.has(type)),
  });
  return asked.map(([hours, P]) => {
    const world = worldAt(situation.view(P), hour(hours), kept);
    return [...(world.places.of({ racks: ["A"] }) ?? [])].join(" ");
  });
}

it("an earlier instant than the one that was kept is looked at for itself", () => {
  const situation = new Situation();
  situation.add("NodeCommissioned", 1.5, { node: "n1", rack: "A" });
  expect(
    racksAt(situation, [
      [1.6, 1],
      [1.4, 1],
    ]),
  ).toEqual(["n1", ""]);
});

it("a correction or retraction of a membership is seen at once", () => {
  const situation = new Situation();
  const eventId = situation.add("NodeCommissioned", 1, { node: "n1", rack: "A" });
  situation.add("FactCorrected", 1, { eventId, occurredAt: iso(hour(3)) });
  expect(
    racksAt(situation, [
      [1.5, 1],
      [1.5, 2],
    ]),
  ).toEqual(["n1", ""]);
});
