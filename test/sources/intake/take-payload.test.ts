import { describe, expect, test } from "vitest";
import { LedgerError } from "../../../src/errors.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { maxSettleAttempts, streamsPerTurn } from "../../../src/limits/sources.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { at } from "../kinds/taken.ts";
import { clock, eventsOf, sourceOf } from "../payloads/deliveries.ts";

const source = sourceOf({
  name: "am",
  kind: "alertmanager",
  cluster: "alpha",
  node: "{labels.instance}",
  rules: [{ match: {} }],
});
const meta = { actor: "key" };

const alert = (instance: string, from = "10:00:00", to?: string) => ({
  status: to === undefined ? "firing" : "resolved",
  labels: { instance },
  startsAt: at(from),
  endsAt: to === undefined ? "0001-01-01T00:00:00Z" : at(to),
  fingerprint: "f1",
});
const group = (...alerts: readonly object[]) => ({ version: "4", groupKey: "g", alerts });

/** The ledger, whose decided appends come too late the first `times` times: somebody else was faster. */
function overtaken(ledger: Ledger, times: number, meanwhile: () => Promise<void>): Ledger {
  let left = times;
  return new Proxy(ledger, {
    get(target, name) {
      if (name !== "submitDecided") {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (...[stream, make]: Parameters<Ledger["submitDecided"]>) => {
        if (left-- <= 0) return await target.submitDecided(stream, make);
        const { inputs } = await make(0);
        await meanwhile();
        const error = new LedgerError("wrong-expected-revision", "the stream has moved on");
        return inputs.map(() => ({ status: "refused" as const, id: null, error }));
      };
    },
  });
}

describe("a payload", () => {
  test("is settled anew if somebody else appended meanwhile, and tells nothing twice", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const late = overtaken(ledger, 1, async () => {
      await takePayload(ledger, source, group(alert("n1")), meta);
    });
    const answer = await takePayload(
      late,
      source,
      group(alert("n1", "10:00:00", "11:00:00")),
      meta,
    );
    expect(answer).toMatchObject({ observations: 1, appended: 1, absorbed: 0, refused: [] });
    expect((await eventsOf(ledger)).map(({ type }) => type)).toEqual([
      "NodeFailed",
      "NodeReturned",
    ]);
  });

  test("that is overtaken again and again is given up with an error that is tried again", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const late = overtaken(ledger, maxSettleAttempts, async () => undefined);
    await expect(takePayload(late, source, group(alert("n1")), meta)).rejects.toMatchObject({
      code: "wrong-expected-revision",
    });
  });

  test("of many nodes is taken in several turns", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const many = Array.from({ length: 2 * streamsPerTurn + 1 }, (_, i) => alert(`n${i}`));
    let turns = 0;
    const counted = overtaken(ledger, 0, async () => undefined);
    const watched = new Proxy(counted, {
      get(target, name) {
        if (name === "submitDecided") turns++;
        return Reflect.get(target, name, target) as unknown;
      },
    });
    expect(await takePayload(watched, source, group(...many), meta)).toMatchObject({
      appended: many.length,
    });
    expect(turns).toBe(3);
  });

  test("that is sent twice at once appends its events once", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const answers = await Promise.all(
      [1, 2, 3].map(() => takePayload(ledger, source, group(alert("n1")), meta)),
    );
    expect(answers.map(({ appended, absorbed }) => appended + absorbed)).toEqual([1, 1, 1]);
    expect(await eventsOf(ledger)).toHaveLength(1);
  });

  test("goes on where it was after the ledger was opened again", async () => {
    await using temporary = temporaryLedger();
    const before = await temporary.open({ clock });
    await takePayload(before, source, group(alert("n1")), meta);
    await before.close();
    const after = await temporary.open({ clock });
    const answer = await takePayload(after, source, group(alert("n1", "09:50:00")), meta);
    expect(answer.appended).toBe(1);
    expect((await eventsOf(after)).map(({ type }) => type)).toEqual([
      "NodeFailed",
      "FactCorrected",
    ]);
  });

  test("appends nothing if it is strict and anything of it is refused", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const body = group(alert("n1"), alert(""));
    const answer = await takePayload(ledger, source, body, { ...meta, strict: true });
    expect(answer).toMatchObject({ appended: 0, refused: [{ path: "/alerts/1" }] });
    expect(await eventsOf(ledger)).toEqual([]);
  });

  test("says how many alerts the sender left out", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const body = { ...group(alert("n1")), truncatedAlerts: 7 };
    expect(await takePayload(ledger, source, body, meta)).toMatchObject({
      truncated: 7,
      appended: 1,
    });
  });

  test("of a node that the ledger knows nothing of is taken", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    await takePayload(ledger, source, group(alert("nobody-knows-it")), meta);
    await ledger.waitFor(1, 600_000);
    expect(ledger.view("alpha").facts("node", "nobody-knows-it")).toHaveLength(1);
  });
});
