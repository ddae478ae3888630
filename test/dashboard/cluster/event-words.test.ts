import { describe, expect, test } from "vitest";
import { eventWords } from "../../../src/dashboard/cluster/event-words.ts";
import { newestZones } from "../../../src/zones/zones.ts";
import { textOf } from "../page-text.ts";

const reader = (name: string) => {
  const offsets = newestZones().zone(name);
  if (offsets === null) throw new Error(`there is no zone ${name}`);
  const at = Date.parse("2026-04-14T10:00:00Z");
  return { zone: { name, offsets }, stand: { sequence: 1, at, recordedAt: at, isPast: false } };
};

const notice = {
  type: "NoticeRaised",
  data: { cluster: "alpha", key: "alpha n1 f1", notice: "fault.overdue" },
  attribution: { reason: "n1 is down since 2026-04-09T22:30:00.000Z, longer than the target" },
};

describe("the words of an event", () => {
  test("have the ledger's own instants in the zone that the page is read in", () => {
    const inUtc = eventWords(reader("Etc/UTC"), notice).html;
    expect(textOf(inUtc)).toContain("n1 is down since 9 Apr 22:30 , longer than the target");
    expect(inUtc).toContain('<time datetime="2026-04-09T22:30:00.000Z">');
    expect(textOf(eventWords(reader("Europe/Berlin"), notice).html)).toContain("10 Apr 00:30");
  });

  test("are the type's name where it is none that the ledger knows", () => {
    expect(textOf(eventWords(reader("Etc/UTC"), { type: "NodePainted", data: {} }).html)).toBe(
      "NodePainted",
    );
  });
});
