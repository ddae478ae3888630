/** No-fly zones: declared ahead, then extended, shortened, lifted or cancelled. */
import type { Interval, NfzTruth, OccurrenceTruth } from "../setting/history.ts";
import type { Random } from "../setting/prng.ts";
import type { Reporter } from "../setting/reporter.ts";
import type { Setting } from "../setting/setting.ts";
import { dayMs, poissonInstants, reporterOf, snap, snapLength } from "../setting/setting.ts";

/** The occurrences as everything that happened before `before` has left them. */
export function occurrencesAsOf(nfz: NfzTruth, before: number): Interval[] {
  if (nfz.declaredAt >= before) return [];
  return nfz.occurrences
    .filter((occurrence) => occurrence.droppedAt >= before)
    .map(({ from, ends }) => {
      const known = ends.filter(({ at }) => at < before);
      return { from, to: known.at(-1)?.to ?? from };
    });
}

/** Those of the zones that are in force at the instant. */
export function inForce(nfzs: readonly NfzTruth[], at: number, before = Infinity): NfzTruth[] {
  return nfzs.filter((nfz) =>
    occurrencesAsOf(nfz, before).some(({ from, to }) => from <= at && at < to),
  );
}

/** The first instant from `at` on at which none of the zones is in force. */
export function firstFree(nfzs: readonly NfzTruth[], at: number, before = Infinity): number {
  const occurrences = nfzs.flatMap((nfz) => occurrencesAsOf(nfz, before));
  let free = at;
  for (;;) {
    const hit = occurrences.find(({ from, to }) => from <= free && free < to);
    if (hit === undefined) return free;
    free = hit.to;
  }
}

export function simulateNfzs(setting: Setting, racks: readonly string[]): NfzTruth[] {
  const random = setting.random.fork("nfz");
  const reporter = reporterOf(setting, "nfz-calendar");
  const { perDay, meanMs } = setting.scenario.nfz;
  return poissonInstants(setting, random, perDay).map((wanted, i) => {
    const nfz = `${setting.plan.cluster}-nfz${i + 1}`;
    const aheadMs = snapLength(setting, random.exponential(5 * dayMs));
    const declaredAt = Math.max(setting.from, wanted - aheadMs);
    const from = Math.max(wanted, declaredAt + setting.scenario.tickMs);
    const lengthMs = snapLength(setting, random.logNormal(meanMs, 0.5));
    const everyMs = Math.max(snapLength(setting, 2.5 * lengthMs), snapLength(setting, 2 * meanMs));
    const count = random.chance(0.3) ? random.between(2, 4) : 1;
    const truth: NfzTruth = {
      nfz,
      racks: random.chance(0.3) ? random.sample(racks, Math.ceil(racks.length / 2)) : null,
      inFlight: random.pick(["finish", "pause", "rollback"]),
      declaredAt,
      occurrences: Array.from({ length: count }, (_, k) => ({
        from: from + k * everyMs,
        ends: [{ at: declaredAt, to: from + k * everyMs + lengthMs }],
        droppedAt: Infinity,
      })),
    };
    reporter.say("NfzDeclared", declaredAt, {
      nfz,
      cluster: setting.plan.cluster,
      ...(truth.racks === null ? {} : { scope: { racks: [...truth.racks] } }),
      occurrences: truth.occurrences.map((occurrence) => ({
        from: new Date(occurrence.from).toISOString(),
        to: new Date(occurrence.ends[0]?.to ?? occurrence.from).toISOString(),
      })),
      inFlight: truth.inFlight,
    });
    change(setting, random, reporter, truth);
    if (random.chance(setting.scenario.reporting.echoShare)) {
      // Lifted before it began: nothing is running, so nothing ends.
      const who = { nfz, cluster: setting.plan.cluster };
      reporter.say("NfzLifted", Math.floor((declaredAt + from) / 2), who);
    }
    return truth;
  });
}

/** Moves the end of one occurrence, then perhaps ends it, each before it would have ended. */
function change(setting: Setting, random: Random, reporter: Reporter, truth: NfzTruth): void {
  const who = { nfz: truth.nfz, cluster: setting.plan.cluster };
  const index = random.below(truth.occurrences.length);
  const occurrence = truth.occurrences[index];
  const planned = occurrence?.ends[0]?.to;
  if (occurrence === undefined || planned === undefined) return;
  const lengthMs = planned - occurrence.from;
  const at = snap(setting, occurrence.from + lengthMs * (0.1 + 0.3 * random.float()));
  if (at <= occurrence.from || at >= planned) return;
  if (at < setting.end && random.chance(0.3)) {
    const extended = random.chance(0.6);
    const factor = extended ? 1 + 0.4 * random.float() : 0.6 + 0.3 * random.float();
    const to = snap(setting, occurrence.from + lengthMs * factor);
    if (to > at) {
      const moved = { occurrence: iso(occurrence.from), to: iso(to) };
      reporter.say(extended ? "NfzExtended" : "NfzShortened", at, { ...who, ...moved });
      occurrence.ends.push({ at, to });
    }
  }
  endEarly(setting, random, reporter, truth, { index, after: at });
}

function endEarly(
  setting: Setting,
  random: Random,
  reporter: Reporter,
  truth: NfzTruth,
  running: { readonly index: number; readonly after: number },
): void {
  const occurrence: OccurrenceTruth | undefined = truth.occurrences[running.index];
  const to = occurrence?.ends.at(-1)?.to;
  if (occurrence === undefined || to === undefined) return;
  const draw = random.float();
  const part = 0.2 + 0.6 * random.float();
  const at = snap(setting, running.after + (to - running.after) * part);
  if (draw > 0.25 || at <= running.after || at >= to || at >= setting.end) return;
  const who = { nfz: truth.nfz, cluster: setting.plan.cluster };
  occurrence.ends.push({ at, to: at });
  if (draw < 0.12) {
    reporter.say("NfzLifted", at, who);
    return;
  }
  reporter.say("NfzCancelled", at, who);
  for (const later of truth.occurrences.slice(running.index + 1)) later.droppedAt = at;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
