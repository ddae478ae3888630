/** Random histories of one cluster: zones, rollouts that ask and that only report, nodes and jobs, late and corrected. */
import { type RandomSource, randomSource } from "../../histories/random-source.ts";
import { type Draft, Minutes, begin, iso, nodes, racks, skus, span } from "./random-drafts.ts";
import { jobFacts, nodeFacts } from "./random-fleet.ts";
import type { Data, Told, Where } from "./told.ts";

const minuteMs = 60_000;

function where(random: RandomSource): Where | undefined {
  const place = {
    ...(random.chance(0.4) ? { nodes: random.shuffled([...nodes, "n7", "n9"]).slice(0, 2) } : {}),
    ...(random.chance(0.4) ? { racks: [random.pick([...racks, "r9"])] } : {}),
    ...(random.chance(0.2) ? { skus: [random.pick(skus)] } : {}),
  };
  return Object.keys(place).length === 0 ? undefined : place;
}

function zoneFacts(random: RandomSource, nfz: string): Draft[] {
  const minutes = new Minutes(random);
  const starts = random.shuffled(Array.from({ length: 12 }, (_, i) => i * 50)).slice(0, 3);
  const spans = (list: readonly number[]) =>
    list.map((from) => ({ from: iso(from), to: iso(from + random.between(10, 80)) }));
  const scope = where(random);
  const data: Data = {
    nfz,
    inFlight: random.pick(["finish", "finish", "pause", "rollback"]),
    occurrences: spans(starts),
    ...(scope === undefined ? {} : { scope }),
    ...(random.chance(0.2) ? { noFastPath: true } : {}),
    ...(random.chance(0.3) ? { resolvedUntil: iso(random.between(100, span)) } : {}),
  };
  const facts: Draft[] = [{ type: "NfzDeclared", minute: minutes.any(1, 100), data }];
  for (const minute of minutes.many(random.between(0, 3))) {
    const from = random.pick(starts);
    const named = { nfz, occurrence: iso(from), to: iso(from + random.between(1, 90)) };
    const type = random.pick([
      "NfzExtended",
      "NfzShortened",
      "NfzLifted",
      "NfzCancelled",
      "NfzResolved",
    ]);
    const resolved = {
      nfz,
      after: iso(minute),
      occurrences: spans([minute + 20]),
      tzdata: "2026a",
      ...(random.chance(0.5) ? { resolvedUntil: iso(minute + 100) } : {}),
    };
    const isNaming = type === "NfzExtended" || type === "NfzShortened";
    facts.push({
      type,
      minute,
      data: isNaming ? named : type === "NfzResolved" ? resolved : { nfz },
    });
  }
  return facts;
}

const steps = [
  "RolloutBlocked",
  "RolloutBlocked",
  "RolloutBlocked",
  "RolloutUnblocked",
  "RolloutStarted",
  "RolloutStarted",
  "RolloutProgressed",
  "RolloutProgressed",
  "RolloutProgressed",
  "RolloutPaused",
  "RolloutPaused",
  "RolloutResumed",
  "RolloutVerificationStarted",
  "RolloutRollbackOrdered",
  "RolloutOverrideGranted",
  "RolloutOverrideGranted",
];
const ends = ["RolloutCompleted", "RolloutFailed", "RolloutCancelled"];

function rolloutFacts(
  random: RandomSource,
  rollout: string,
  zoneNames: readonly string[],
): Draft[] {
  const minutes = new Minutes(random);
  const facts: Draft[] = [];
  if (random.chance(0.9)) facts.push(submission(random, rollout, minutes.any(1, 120)));
  for (const minute of minutes.many(random.between(2, 12)))
    facts.push(step(random, rollout, minute, zoneNames));
  if (random.chance(0.3))
    facts.push({ type: random.pick(ends), minute: minutes.any(200), data: { rollout } });
  return facts;
}

function submission(random: RandomSource, rollout: string, minute: number): Draft {
  const targets = where(random);
  const data: Data = {
    rollout,
    // Without updates it has no family: what a queue costs is as declared.
    updates: [],
    urgency: random.pick(["routine", "important", "security", "emergency"]),
    impact: random.chance(0.5)
      ? { kind: "impactless" }
      : { kind: "impactful", secondsPerNode: random.pick([0, 0.5, 30, 600.25]) },
    ...(targets === undefined ? {} : { targets }),
    ...(random.chance(0.5) ? { deadline: iso(random.between(100, span)) } : {}),
  };
  return { type: "RolloutSubmitted", minute, data };
}

function step(
  random: RandomSource,
  rollout: string,
  minute: number,
  zoneNames: readonly string[],
): Draft {
  const type = random.pick(steps);
  const nfzIds = random.shuffled(zoneNames).slice(0, random.between(1, 2));
  const isDecided = random.chance(0.5);
  const of = (data: Data, command: string): Draft => {
    const decided = isDecided ? command : undefined;
    return { type, minute, data: { rollout, ...data }, command: decided };
  };
  switch (type) {
    case "RolloutBlocked":
      return of({ nfzIds }, "start");
    case "RolloutOverrideGranted":
      return of({ nfzIds, expiresAt: iso(minute + random.between(5, 200)) }, "override");
    case "RolloutProgressed":
      return of({ nodesDone: random.between(0, 8), nodesTotal: 8 }, "progress");
    case "RolloutPaused":
      return of({ nfzIds }, random.pick(["sweep", "pause"]));
    case "RolloutStarted":
    case "RolloutResumed": {
      const fastPath = random.chance(0.2) ? { fastPath: nfzIds } : {};
      return of(fastPath, type === "RolloutStarted" ? "start" : "resume");
    }
    default:
      return of({}, "sweep");
  }
}

/** By sequence; the facts reach the ledger late, and some are corrected or retracted later. */
export function randomTold(seed: number): Told[] {
  const random = randomSource(seed);
  const zoneNames = ["z1", "z2", "z3"];
  const rolloutNames = ["u1", "u2", "u3", "u4"];
  const drafts = [
    ...zoneNames.flatMap((nfz) => zoneFacts(random, nfz)),
    ...rolloutNames.flatMap((rollout) => rolloutFacts(random, rollout, zoneNames)),
    ...nodeFacts(random, rolloutNames),
    ...["j1", "j2", "j3"].flatMap((job) => jobFacts(random, job)),
  ];
  const arrived = drafts
    .map((draft) => ({ draft, by: draft.minute + (random.chance(0.3) ? random.below(200) : 0) }))
    .sort((a, b) => a.by - b.by);
  const told: Told[] = [];
  const add = (fact: Omit<Told, "id" | "sequence">): void => {
    told.push({ id: random.uuid(), sequence: told.length + 1, ...fact });
  };
  for (const { draft } of arrived) {
    const { type, minute, data, command, reason } = draft;
    const sequence = Math.max(0, told.length - random.below(15));
    const decision = command === undefined ? {} : { decision: { command, sequence } };
    const at = begin + minute * minuteMs;
    add({ type, at, data, ...decision, ...(reason === undefined ? {} : { reason }) });
    if (random.chance(0.1)) amend(random, told, add);
  }
  return revoked(random, told);
}

/** Corrections put a fact half a minute and some later: no other fact of its entity is then. */
function amend(
  random: RandomSource,
  told: readonly Told[],
  add: (fact: Omit<Told, "id" | "sequence">) => void,
): void {
  const those = told.filter(({ type }) => /^(Nfz|Rollout)/.test(type));
  const target = those.length === 0 ? undefined : random.pick(those);
  if (target === undefined || told.some(({ data }) => data.eventId === target.id)) return;
  const at = target.at + 1_000 * told.length;
  const eventId = target.id;
  if (random.chance(0.4)) add({ type: "FactRetracted", at: target.at, data: { eventId } });
  else
    add({
      type: "FactCorrected",
      at: target.at,
      data: { eventId, occurredAt: new Date(at).toISOString() },
    });
}

/** Some overrides are revoked at the end: their ids are known then. */
function revoked(random: RandomSource, told: readonly Told[]): Told[] {
  const grants = told.filter(({ type }) => type === "RolloutOverrideGranted");
  const more = grants
    .filter(() => random.chance(0.4))
    .map((grant, i): Told => {
      const { rollout = "" } = grant.data;
      return {
        id: random.uuid(),
        type: "RolloutOverrideRevoked",
        sequence: told.length + 1 + i,
        at: grant.at + random.between(1, 100) * minuteMs + 7 + i,
        data: { rollout, override: grant.id },
      };
    });
  return [...told, ...more];
}
