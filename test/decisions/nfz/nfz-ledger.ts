/** A ledger in a temporary file with clusters in it and a clock that is set, to ask for decisions about no-fly zones. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { LedgerError } from "../../../src/errors.ts";
import { isLedgerError } from "../../../src/errors.ts";
import { type Asked, type Caller, requestHash } from "../../../src/decisions/command/asked.ts";
import { type Deciding, deciding } from "../../../src/decisions/command/deciding.ts";
import type { NfzAnswer } from "../../../src/decisions/nfz/answer.ts";
import type { NfzChange } from "../../../src/decisions/nfz/change.ts";
import type { DeclareBody } from "../../../src/decisions/nfz/declare.ts";
import { changeNfz, declareNfz } from "../../../src/decisions/nfz/nfz.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";

export const noon = "2026-04-15T12:00:00.000Z";

/** Who may do and see everything. */
const anybody: Caller = { actor: "ann", roles: null, clusters: null };

interface Asking {
  readonly id?: string;
  readonly caller?: Partial<Caller>;
}

export interface NfzLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly deciding: Deciding;
  /** Sets the ledger's clock. */
  setClock(instant: string): void;
  /** States facts as a sender does; they have to be taken. */
  state(type: string, occurredAt: string, data: Record<string, unknown>): Promise<void>;
  declare(body: DeclareBody, asking?: Asking): Promise<NfzAnswer>;
  change(
    target: { readonly nfz: string; readonly clusters?: readonly string[] },
    change: NfzChange,
    asking?: Asking,
  ): Promise<NfzAnswer>;
  /** The events of an NFZ's stream, as they are stored. */
  events(nfz: string): Promise<Awaited<ReturnType<Ledger["store"]["query"]>>>;
}

/** It is noon of 15 April 2026. */
export async function nfzLedger(...clusters: string[]): Promise<NfzLedger> {
  const temporary = temporaryLedger();
  let nowMs = Date.parse(noon);
  const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
  const made = deciding(ledger);
  const state: NfzLedger["state"] = async (type, occurredAt, data) => {
    const event = { id: randomUUID(), type, occurredAt, data, actor: "eva", reason: "a test" };
    const [taken] = await ledger.submit([event]);
    if (taken?.status === "refused") throw taken.error;
    await ledger.waitFor(taken?.sequence ?? 0, 600_000);
  };
  for (const cluster of clusters.length === 0 ? ["alpha"] : clusters)
    await state("ClusterRegistered", "2026-01-01T00:00:00Z", { cluster });
  const askedFor = (
    command: string,
    body: object,
    { id = randomUUID(), caller = {} }: Asking,
  ): Asked => ({
    command,
    caller: { ...anybody, ...caller },
    said: { reason: "a test" },
    id,
    request: requestHash(command, `/${command}`, body),
    minSequence: 0,
  });
  return {
    ledger,
    deciding: made,
    setClock: (instant) => {
      nowMs = Date.parse(instant);
    },
    state,
    declare: (body, asking = {}) => declareNfz(made, askedFor("declare", body, asking), body),
    change: (target, change, asking = {}) =>
      changeNfz(made, askedFor(change.name, { ...target, ...change }, asking), target, change),
    events: async (nfz) => {
      const { sequence: upTo } = await ledger.store.head();
      return await ledger.store.query({ stream: `nfz-${nfz}`, after: 0, upTo, limit: 1_000 });
    },
    [Symbol.asyncDispose]: async () => await temporary[Symbol.asyncDispose](),
  };
}

/** The refusal that a command ends with. */
export async function refusalOf(asked: Promise<unknown>): Promise<LedgerError> {
  try {
    await asked;
  } catch (error) {
    if (isLedgerError(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Expects the refusal, with its word where it has one. */
export async function expectRefused(
  asked: Promise<unknown>,
  code: LedgerError["code"],
  because?: string,
): Promise<LedgerError> {
  const error = await refusalOf(asked);
  expect([error.code, error.extra.because]).toEqual([code, because]);
  return error;
}

/** From 13:00 to 15:00 of the 15th, an hour after noon. */
export const afternoon = { from: "2026-04-15T13:00:00.000Z", to: "2026-04-15T15:00:00.000Z" };

export function freeze(more: Partial<DeclareBody> = {}): DeclareBody {
  return {
    nfz: "freeze",
    clusters: ["alpha"],
    inFlight: "finish",
    occurrences: [afternoon],
    ...more,
  };
}

/** Saturdays at 22:00 in Amsterdam for two hours; it declares no single occurrences. */
export function weekly(more: Partial<DeclareBody> = {}): DeclareBody {
  const { occurrences: _one, ...rest } = freeze();
  return {
    ...rest,
    nfz: "weekly",
    recurrence: {
      rrule: "FREQ=WEEKLY;BYDAY=SA",
      start: "2026-04-18T22:00",
      zone: "Europe/Amsterdam",
      durationMs: 7_200_000,
    },
    ...more,
  };
}
