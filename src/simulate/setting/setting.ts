/** What every part of one cluster's simulation is given. */
import type { Interval } from "./history.ts";
import type { Random } from "./prng.ts";
import { Reporter } from "./reporter.ts";
import type { ClusterPlan, Scenario } from "./scenario.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export interface Setting {
  readonly scenario: Scenario;
  readonly plan: ClusterPlan;
  readonly from: number;
  readonly end: number;
  /** The end, unless time ahead is simulated as well. The freeze about it is in force, and from here on timers are driven. */
  readonly present: number;
  /** Forked for the cluster. */
  readonly random: Random;
  readonly reporters: Reporter[];
}

/** The nearest instant that the scenario's clock can show. */
export function snap(setting: Setting, ms: number): number {
  const { tickMs } = setting.scenario;
  return setting.from + Math.round((ms - setting.from) / tickMs) * tickMs;
}

/** A length of at least one tick. */
export function snapLength(setting: Setting, ms: number): number {
  const { tickMs } = setting.scenario;
  return Math.max(1, Math.round(ms / tickMs)) * tickMs;
}

/** `Infinity` for what is not over at the end of the simulation. */
export function cutAtEnd(setting: Setting, ms: number): number {
  return ms < setting.end ? ms : Infinity;
}

/** Instants of a Poisson process from the start to the end, by time. */
export function poissonInstants(setting: Setting, random: Random, perDay: number): number[] {
  const instants: number[] = [];
  if (perDay <= 0) return instants;
  let at = setting.from + random.exponential(dayMs / perDay);
  while (at < setting.end) {
    instants.push(snap(setting, at));
    at += random.exponential(dayMs / perDay);
  }
  return instants.filter((instant) => instant < setting.end);
}

/** A reporter with chance of its own, whose facts end up among the cluster's. */
export function reporterOf(setting: Setting, source: string): Reporter {
  const random = setting.random.fork(`report ${source}`);
  const reporter = new Reporter(random, setting.scenario, setting.end, source);
  setting.reporters.push(reporter);
  return reporter;
}

/** As events state instants. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoInterval({ from, to }: Interval): { from: string; to: string } {
  return { from: iso(from), to: iso(to) };
}
