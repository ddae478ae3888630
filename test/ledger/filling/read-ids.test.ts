import { expect, test } from "vitest";
import { findingWhatWasRead } from "../../../src/ledger/filling/read-ids.ts";
import { ListStore } from "../../read-model/list-store.ts";
import { longHistory } from "../../read-model/kept-file.ts";

/** A store that notes which ids it was asked for. */
class AskedStore extends ListStore {
  readonly asked: string[] = [];

  override async findByIds(ids: readonly string[]) {
    this.asked.push(...ids);
    return await super.findByIds(ids);
  }
}

const events = longHistory(3);
const idsOf = (some: typeof events) => some.map(({ id }) => id);

async function readAll(store: ReturnType<typeof findingWhatWasRead>, after: number): Promise<void> {
  for await (const batch of store.readAll(after)) expect(batch.length).toBeGreaterThan(0);
}

test("events that were read are found without the store's lookups, read once or twice", async () => {
  const store = new AskedStore(events);
  const finding = findingWhatWasRead(store);
  await readAll(finding, 0);
  await readAll(finding, 10);
  expect(await finding.findByIds(idsOf(events))).toEqual(events);
  expect(store.asked).toEqual([]);
});

test("events that were followed are found in the same way", async () => {
  const store = new AskedStore(events);
  const finding = findingWhatWasRead(store);
  for await (const _ of finding.subscribe(0, new AbortController().signal)) break;
  expect(await finding.findByIds(idsOf(events))).toEqual(events);
  expect(store.asked).toEqual([]);
});

test("the store is asked for events before those that were read, and for ids that nothing has", async () => {
  const store = new AskedStore(events);
  const finding = findingWhatWasRead(store);
  await readAll(finding, 10);
  const unknown = "00000000-0000-4000-8000-00000000ffff";
  expect(await finding.findByIds([...idsOf(events), unknown])).toEqual(events);
  expect(store.asked).toEqual([...idsOf(events.slice(0, 10)), unknown]);
});

test("an event with another id at the place that a hash names is not taken for the one that is wanted", async () => {
  const store = new AskedStore(events);
  const finding = findingWhatWasRead(store);
  await readAll(finding, 0);
  const [first, second] = events;
  if (first === undefined || second === undefined) throw new Error("the history is too short");
  store.readAt = async (sequence) => (sequence === 1 ? second : (events[sequence - 1] ?? null));
  expect(await finding.findByIds([first.id])).toEqual([first]);
  expect(store.asked).toEqual([first.id]);
});
