import { describe, expect, test } from "vitest";
import type { Key, KeyEvent } from "../../../projections/access/keys.ts";
import { isInForce, keysInForce, takeKeyEvent } from "../../../projections/access/keys.ts";

const minute = (n: number) => Date.parse("2026-04-01T00:00:00Z") + n * 60_000;
const instant = (n: number) => new Date(minute(n)).toISOString();

function issued(key: string, atMinute: number, more: object = {}): KeyEvent {
  const data = {
    key,
    name: `of-${key}`,
    roles: ["viewer"],
    clusters: ["*"],
    hash: "0".repeat(64),
    ...more,
  };
  return event("KeyIssued", atMinute, data);
}

function revoked(key: string, atMinute: number, at?: number): KeyEvent {
  return event("KeyRevoked", atMinute, at === undefined ? { key } : { key, at: instant(at) });
}

function event(type: KeyEvent["type"], atMinute: number, data: object): KeyEvent {
  const recordedAt = minute(atMinute);
  const id = `${type} ${atMinute}`;
  return { type, id, sequence: 1, occurredAt: recordedAt, recordedAt, data } as KeyEvent;
}

const inForce = (events: readonly KeyEvent[], at: number) =>
  keysInForce(events, minute(at)).map(({ key }) => key);

describe("the keys in force at an instant", () => {
  test("are those that were issued by then", () => {
    const events = [issued("a", 0), issued("b", 5)];
    expect(inForce(events, -1)).toEqual([]);
    expect(inForce(events, 0)).toEqual(["a"]);
    expect(inForce(events, 5)).toEqual(["a", "b"]);
  });

  test("are without a key from its revocation on", () => {
    const events = [issued("a", 0), revoked("a", 5)];
    expect(inForce(events, 4)).toEqual(["a"]);
    expect(inForce(events, 5)).toEqual([]);
  });

  test("have a key that is revoked in advance until then", () => {
    const events = [issued("a", 0), revoked("a", 5, 9)];
    expect(inForce(events, 8)).toEqual(["a"]);
    expect(inForce(events, 9)).toEqual([]);
  });

  test("are without a key from its expiry on, and a later revocation does not move that", () => {
    const events = [issued("a", 0, { expiresAt: instant(7) }), revoked("a", 5, 20)];
    expect(inForce(events, 6)).toEqual(["a"]);
    expect(inForce(events, 7)).toEqual([]);
  });

  test("lose a key at the earliest of several ends", () => {
    const events = [issued("a", 0), revoked("a", 2, 20), revoked("a", 3, 10), revoked("a", 4, 15)];
    expect(inForce(events, 9)).toEqual(["a"]);
    expect(inForce(events, 10)).toEqual([]);
    expect(inForce([...events, revoked("a", 5)], 6)).toEqual([]);
  });

  test("do not come back by an event that is told again, or about a key that nobody issued", () => {
    const events = [issued("a", 0), revoked("a", 1), issued("a", 0), revoked("b", 1)];
    expect(inForce(events, 2)).toEqual([]);
  });
});

test("a key that was revoked at once does not hold again when the clock goes back", () => {
  const keys = new Map<string, Key>();
  for (const each of [issued("a", 10), revoked("a", 20)]) takeKeyEvent(keys, each);
  const [key] = keys.values();
  expect(key === undefined ? null : isInForce(key, minute(0))).toBe(false);
});
