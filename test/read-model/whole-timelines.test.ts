/** Whole timelines that were asked for are kept within the bound of all timelines. */
import { expect, test } from "vitest";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { History } from "../projections/history.ts";
import { take } from "./take.ts";

const nodes = Array.from({ length: 200 }, (_, i) => `n${i}`);

function modelOf(maxKeptTimelineBytes: number): LiveModel {
  const history = new History();
  for (const node of nodes) history.add("NodeCommissioned", 1, { node });
  const model = new LiveModel({ maxKeptTimelineBytes });
  take(model, history.events as readonly unknown[] as StoredEvent[]);
  return model;
}

test("one that was asked for is given again as long as no other needs its place", () => {
  const view = modelOf(1_000_000).view("c");
  const first = nodes.map((node) => view.entity("node", node));
  expect(first.every((each) => each !== null)).toBe(true);
  expect(nodes.map((node) => view.entity("node", node)).every((each, i) => each === first[i])).toBe(
    true,
  );
});

test("of two hundred, those asked for last are kept, and an earlier one is folded again", () => {
  const view = modelOf(20_000).view("c");
  const first = nodes.map((node) => view.entity("node", node));
  const isKept = (i: number) => view.entity("node", `n${i}`) === first[i];
  expect([isKept(199), isKept(0)]).toEqual([true, false]);
  expect(view.entity("node", "n0")).toEqual(first[0]);
});
