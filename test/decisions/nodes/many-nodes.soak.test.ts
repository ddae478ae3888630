/** The largest scale request and the largest command on maintenance. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { soakRuns } from "../../random-runs.ts";
import { hour, iso } from "../../projections/history.ts";
import { type NodeLedger, nodeLedger } from "./node-ledger.ts";

const scaled = soakRuns(5_000, 1_100);
const maintained = soakRuns(10_000, 1_100);

async function fleet(count: number): Promise<NodeLedger> {
  const about = await nodeLedger();
  const names = Array.from({ length: count }, (_, i) => `n${String(i).padStart(5, "0")}`);
  await about.commission(...names);
  about.setClock(1);
  return about;
}

function hostlist(count: number): string {
  return `n[00000-${String(count - 1).padStart(5, "0")}]`;
}

it(`${scaled} nodes are decided in one scale request, each in its own stream`, async () => {
  await using about = await fleet(scaled);
  const id = randomUUID();
  const nodes = [hostlist(scaled)];
  const first = await about.scale({ nodes }, { id });
  expect(first.nodes).toHaveLength(scaled);
  expect(new Set(first.nodes.map(({ event }) => event?.stream)).size).toBe(scaled);
  expect(first.allowed).toBe(true);
  expect(await about.scale({ nodes }, { id })).toEqual({ ...first, outcome: "repeated" });
});

it(`maintenance of ${maintained} nodes is announced, started and ended, but for those in a zone`, async () => {
  await using about = await fleet(maintained);
  await about.state("NfzDeclared", 1, {
    nfz: "x",
    cluster: "c",
    scope: { nodes: ["n[00000-00099]"] },
    occurrences: [{ from: iso(hour(2)), to: iso(hour(4)) }],
    inFlight: "pause",
  });
  const announced = await about.maintain("announce", { targets: {}, from: 2, to: 5 });
  expect(countedBy(announced.results)).toEqual({ 201: maintained });
  about.setClock(3);
  const id = randomUUID();
  const started = await about.maintain("start", {}, { id });
  expect(countedBy(started.results)).toEqual({ 201: maintained - 100, 409: 100 });
  const again = await about.maintain("start", {}, { id });
  expect(countedBy(again.results)).toEqual({ 200: maintained - 100, 409: 100 });
  const ended = await about.maintain("end", {});
  expect(countedBy(ended.results)).toEqual({ 201: maintained - 100 });
});

function countedBy(results: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
