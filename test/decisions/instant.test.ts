/** When a decision is made: neither a clock that is set back nor a tie lets anything pass that is held. */
import { expect, it } from "vitest";
import { decisionInstant } from "../../src/decisions/command/instant.ts";
import { hour, iso } from "../projections/history.ts";
import { Situation } from "./situation.ts";

function instantOf(situation: Situation, nowHours: number, latestOwnAt = -Infinity): string {
  const view = () => situation.view();
  const ledger = { clusters: () => ["c"], view, nowMs: () => hour(nowHours) + 0.4 };
  return iso(decisionInstant(ledger, situation.events.length, latestOwnAt));
}

it("is the ledger's clock, to the millisecond, if nothing is later", () => {
  expect(instantOf(new Situation(), 5)).toBe(iso(hour(5)));
});

it("is not before ledger time: the last event that was recorded", () => {
  const situation = new Situation();
  situation.add("NodeCommissioned", 1, { node: "a" }, { recordedAt: hour(7) });
  expect(instantOf(situation, 5)).toBe(iso(hour(7)));
});

it("is not before the last decision about an NFZ, also if that was corrected since", () => {
  const situation = new Situation();
  const occurrences = [{ from: iso(hour(1)), to: iso(hour(2)) }];
  const declared = { nfz: "x", occurrences, inFlight: "pause" } as const;
  const eventId = situation.decided("NfzDeclared", 6, declared);
  const event = situation.events.pop();
  if (event !== undefined) situation.events.push({ ...event, recordedAt: hour(5) });
  expect(instantOf(situation, 5)).toBe(iso(hour(6)));
  const correction = { eventId, occurredAt: iso(hour(2)) };
  situation.add("FactCorrected", 2, correction, { recordedAt: hour(5) });
  expect(instantOf(situation, 5)).toBe(iso(hour(6)));
});

it("is not moved by an NFZ that was only reported", () => {
  const situation = new Situation();
  const occurrences = [{ from: iso(hour(1)), to: iso(hour(2)) }];
  const declared = { nfz: "x", occurrences, inFlight: "pause" } as const;
  situation.add("NfzDeclared", 6, declared, { recordedAt: hour(5) });
  expect(instantOf(situation, 5)).toBe(iso(hour(5)));
});

it("is a millisecond after the latest own fact, which may be ahead of the clock", () => {
  expect(instantOf(new Situation(), 5, hour(5))).toBe(iso(hour(5) + 1));
  expect(instantOf(new Situation(), 5, hour(9))).toBe(iso(hour(9) + 1));
});
