/** What is kept of a webhook beside the events, so that it goes on after a restart or on another instance. */
import { z } from "zod";
import { LedgerError } from "../../errors.ts";
import { maxDeadLetters } from "../../limits/sinks.ts";
import type { EventStore } from "../../store/port.ts";

const state = z.object({
  /** The last sequence that is done with. */
  cursor: z.int().min(0),
  /** The message that was not taken yet: how often it was tried, when it is tried next (ms), and the last answer. */
  failing: z
    .object({ sequence: z.int(), attempts: z.int(), nextAt: z.number(), words: z.string() })
    .nullable(),
  stopped: z.object({ at: z.number(), why: z.string() }).nullable(),
  /** The last answer of the receiver. */
  last: z.object({ at: z.number(), words: z.string() }).nullable(),
  /** The replay that was carried out last. */
  replayed: z.string().nullable(),
});

export type WebhookState = Readonly<z.output<typeof state>>;

const deadLetter = z.object({
  sequence: z.int(),
  at: z.number(),
  type: z.string(),
  words: z.string(),
});
const deadLetters = z.object({ total: z.int(), letters: z.array(deadLetter) });

export type DeadLetter = Readonly<z.output<typeof deadLetter>>;
export type DeadLetters = Readonly<z.output<typeof deadLetters>>;

const replay = z.object({ id: z.string(), from: z.int() });
type Replay = Readonly<z.output<typeof replay>>;

const noDeadLetters: DeadLetters = { total: 0, letters: [] };

/** `null` if the webhook is new. */
export async function readState(store: EventStore, name: string): Promise<WebhookState | null> {
  return await read(store, `webhook-${name}`, state);
}

export async function writeState(
  store: EventStore,
  name: string,
  value: WebhookState,
): Promise<void> {
  await store.setMark(`webhook-${name}`, JSON.stringify(value));
}

export async function readDead(store: EventStore, name: string): Promise<DeadLetters> {
  return (await read(store, `webhook-${name}-dead`, deadLetters)) ?? noDeadLetters;
}

async function writeDead(store: EventStore, name: string, value: DeadLetters): Promise<void> {
  await store.setMark(`webhook-${name}-dead`, JSON.stringify(value));
}

/** Once for each sequence, also if the process ended before the webhook went on. */
export async function addDead(store: EventStore, name: string, letter: DeadLetter): Promise<void> {
  const { total, letters } = await readDead(store, name);
  if (letters.some(({ sequence }) => sequence === letter.sequence)) return;
  const kept = [...letters, letter].slice(-maxDeadLetters);
  await writeDead(store, name, { total: total + 1, letters: kept });
}

/** Those from a sequence on are sent again. */
export async function dropDead(store: EventStore, name: string, from: number): Promise<void> {
  const { total, letters } = await readDead(store, name);
  const kept = letters.filter(({ sequence }) => sequence < from);
  if (kept.length === letters.length) return;
  await writeDead(store, name, { total: total - letters.length + kept.length, letters: kept });
}

/** The replay that was asked for last, whichever instance was asked. */
export async function readReplay(store: EventStore, name: string): Promise<Replay | null> {
  return await read(store, `webhook-${name}-replay`, replay);
}

export async function writeReplay(store: EventStore, name: string, value: Replay): Promise<void> {
  await store.setMark(`webhook-${name}-replay`, JSON.stringify(value));
}

async function read<S extends z.ZodType>(
  store: EventStore,
  mark: string,
  schema: S,
): Promise<z.output<S> | null> {
  const text = await store.mark(mark);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new LedgerError("corrupt-event", `the mark ${mark} cannot be read`, { cause: error });
  }
}
