/** Viewers of the fleet page: each hears of positions on a stream, and asks for what changed at most once a second, as the page's script does. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { quantile } from "./latency.ts";
import type { ServedLedger } from "./served-ledger.ts";

/** A node of the first cluster is no longer observed. */
export async function postEvent(url: string): Promise<void> {
  const node = `n${String(1 + Math.floor(Math.random() * 2_000)).padStart(4, "0")}`;
  const event = {
    id: randomUUID(),
    type: "NodeObservationLost",
    occurredAt: new Date().toISOString(),
    data: { cluster: "cluster-1", node, observer: "scraper" },
  };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers,
    body: JSON.stringify(event),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

interface Looking {
  readonly viewers: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
}

const roundMs = 1_000;

export async function watchPages(
  served: ServedLedger,
  { viewers, eventsPerSecond, seconds }: Looking,
): Promise<string> {
  const over = new AbortController();
  const waits: number[] = [];
  const looking = Array.from({ length: viewers }, () => look(served.url, over.signal, waits));
  // Their first round is not what is measured.
  await pause(3_000);
  waits.length = 0;
  await served.watchTurns();
  const cpuBefore = served.cpuMs();
  for (let i = 0; i < seconds * eventsPerSecond; i++) {
    await Promise.all([postEvent(served.url), pause(1_000 / eventsPerSecond)]);
  }
  const latest = await served.latestTurnMs();
  const cpu = (served.cpuMs() - cpuBefore) / (seconds * 10);
  over.abort();
  await Promise.all(looking);
  const ms = (part: number) => `${(quantile(waits, part) / 1_000).toFixed(0)} ms`;
  return [
    `  ${viewers} viewers, ${eventsPerSecond} events a second, ${seconds} s: ${waits.length} rounds, p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}`,
    `  the latest turn of the event loop came ${latest.toFixed(0)} ms late (aim 100); ${cpu.toFixed(0)} % of a processor`,
  ].join("\n");
}

/** One viewer, until the signal; adds how long each of its rounds took, in microseconds. */
async function look(url: string, over: AbortSignal, waits: number[]): Promise<void> {
  let shown = { sequence: 0, at: "" };
  let wanted = 1;
  const stream = hear(url, over, (sequence) => {
    wanted = Math.max(wanted, sequence);
  });
  while (!over.aborted) {
    const begin = performance.now();
    if (wanted > shown.sequence) {
      const since = shown.at === "" ? "" : `&since=${shown.at}`;
      const answer = await fetch(
        `${url}/?fragments=1&after=${shown.sequence}${since}&wanted=${wanted}`,
      );
      if (answer.status === 200) shown = (await answer.json()) as typeof shown;
      waits.push((performance.now() - begin) * 1_000);
    }
    await pause(Math.max(0, roundMs - (performance.now() - begin)));
  }
  await stream;
}

/** Reads the stream of positions. */
async function hear(url: string, over: AbortSignal, on: (sequence: number) => void): Promise<void> {
  try {
    const headers = { accept: "text/event-stream" };
    const { body } = await fetch(`${url}/v1/stream?only=positions`, { signal: over, headers });
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) {
      for (const [, sequence] of decoder.decode(chunk as Uint8Array).matchAll(/"sequence":(\d+)/g))
        on(Number(sequence));
    }
  } catch (error) {
    if (!over.aborted) throw error;
  }
}
