/** What happens in a world: commands, changes of NFZs, reports, corrections, clocks that jump, mirrors that lag. */
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { nfzKind } from "../../../projections/nfz/kind.ts";
import { draft, type Draft } from "../../../src/decisions/command/drafts.ts";
import type { RolloutCommand } from "../../../src/decisions/rollouts/commands.ts";
import { begin, iso } from "../../projections/history.ts";
import type { Process } from "./store.ts";
import type { World } from "./world.ts";

export const rollouts = ["r1", "r2", "r3"] as const;
const nfzs = ["x", "y", "z"] as const;
const nodes = ["a1", "a2", "b1"] as const;
const places = [
  null,
  null,
  { racks: ["A"] },
  { racks: ["B"] },
  { nodes: ["a1"] },
  { racks: ["A"], nodes: ["a2", "b1"] },
] as const;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const aboutOf = (rollout: string) => ({ rollout, cluster: "c" });

/** States a fact; where in its stream it stands does not matter. */
export function report(world: World, stream: string, type: string, at: number, data: object): void {
  const id = world.random.uuid();
  const process = world.random.pick(world.processes);
  const { length } = world.store.stream(stream);
  world.store.append(stream, length, [{ id, type, occurredAt: at, data }], world.clockOf(process));
}

/** An instant that a sender may state: late, now, or a little ahead; often at the very begin or end of something. */
function someInstant({ random, nowMs, store }: World): number {
  const { data } = random.pick(store.events);
  const spans = "occurrences" in data ? data.occurrences : [];
  const edges = spans.flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  const past = edges.filter((edge) => edge <= nowMs + 4 * minute);
  if (past.length > 0 && random.chance(0.5)) return random.pick(past);
  const off = random.pick([0, 0, -minute, -5 * minute, -hour, -3 * hour, minute, 4 * minute]);
  return nowMs + off + random.pick([0, 0, 1, -1]);
}

export function someSubmission(world: World, rollout: string): object {
  const targets = world.random.pick(places);
  return {
    ...aboutOf(rollout),
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "routine",
    ...(targets === null ? {} : { targets }),
  };
}

function someOccurrences(world: World, from: number): { from: string; to: string }[] {
  const { random } = world;
  const list: { from: string; to: string }[] = [];
  let at = from;
  for (let n = random.between(1, 3); n > 0; n--) {
    const to = at + random.pick([minute, 20 * minute, hour, 3 * hour]);
    list.push({ from: iso(at), to: iso(to) });
    at = to + random.pick([0, 1, 10 * minute, hour]);
  }
  return list;
}

export function someDeclaration(world: World, nfz: string, from: number): object {
  const { random } = world;
  const scope = random.pick(places);
  return {
    nfz,
    cluster: "c",
    inFlight: random.pick(["finish", "pause", "rollback"]),
    occurrences: someOccurrences(world, from),
    ...(scope === null ? {} : { scope }),
  };
}

/** Decides a change of an NFZ, or its declaration, as the policy has it. */
export function changeNfz(world: World, process: Process): void {
  const nfz = world.random.pick(nfzs);
  const stream = `nfz-${nfz}`;
  const { P } = process;
  const { length } = world.store.stream(stream);
  const own = world.store.ownFacts("nfz", nfz, P, length);
  const seenAt = world.instant(process, P, own.latestAt);
  const at = Math.max(seenAt, process.latestDecisionAt() + 1);
  const made = someChange(world, nfz, foldEntity(nfzKind, nfz, own.byCluster.get("c") ?? []), at);
  if (made === null) return;
  if (!world.isEmbedded && world.random.chance(0.3)) world.meanwhile();
  if (world.appendDecided(process, stream, length, [made], P, at)) world.counts.nfzs++;
}

function someChange(
  world: World,
  nfz: string,
  timeline: ReturnType<typeof nfzKind.timeline>,
  at: number,
): Draft | null {
  const { random } = world;
  const about = { nfz, cluster: "c" };
  if (timeline.declaration === null) {
    const from = at + random.pick([0, 0, -4 * minute, 10 * minute, hour]);
    return draft("NfzDeclared", someDeclaration(world, nfz, from) as never);
  }
  const open = timeline.occurrences.filter(({ to }) => to > at);
  if (open.length === 0) return null;
  const { from, to } = random.pick(open);
  const isRunning = open.some((each) => each.from <= at);
  const occurrence = iso(from);
  switch (random.below(4)) {
    case 0:
      return draft("NfzExtended", { ...about, occurrence, to: iso(to + 20 * minute) });
    case 1: {
      const end = Math.max(from, at) + random.pick([1, minute]);
      return end < to ? draft("NfzShortened", { ...about, occurrence, to: iso(end) }) : null;
    }
    case 2:
      return isRunning ? draft("NfzLifted", about) : null;
    default:
      return random.chance(0.3) ? draft("NfzCancelled", about) : null;
  }
}

export function someCommand(world: World, rollout: string): RolloutCommand {
  const { random, nowMs, store } = world;
  const isRare = random.chance(0.1);
  const name = isRare
    ? random.pick(["complete", "fail", "roll-back", "cancel", "supersede"] as const)
    : random.pick([
        ...(["start", "start", "start", "start", "resume", "resume"] as const),
        ...(["override", "override", "progress", "progress", "pause", "verify", "revoke"] as const),
      ]);
  if (name === "progress") return { name, body: { nodesDone: random.below(3), nodesTotal: 2 } };
  if (name === "supersede") return { name, supersededBy: random.pick(rollouts) };
  if (name === "revoke") {
    const granted = store
      .stream(`rollout-${rollout}`)
      .filter(({ type }) => type === "RolloutOverrideGranted");
    const override = granted.length > 0 ? random.pick(granted).id : random.uuid();
    return { name, override };
  }
  if (name !== "override") return { name };
  const expiresAt = iso(nowMs + random.pick([1, 10 * minute, hour, 5 * hour]));
  const named = random.shuffled(nfzs).slice(0, random.between(1, 2));
  const nfzIds = random.chance(0.5) ? {} : { nfzIds: named };
  return { name, body: { role: "approver", expiresAt, ...nfzIds } };
}

/** Those that are there more often happen more often. */
const reported = (
  "Started Started Progressed Progressed Progressed Paused Resumed Blocked Unblocked " +
  "OverrideGranted OverrideGranted VerificationStarted RollbackOrdered Completed"
)
  .split(" ")
  .map((word) => `Rollout${word}`);

/** What a deploy system says that only reports. */
export function reportRollout(world: World): void {
  const { random } = world;
  const rollout = random.pick(rollouts);
  const about = aboutOf(rollout);
  const stream = `rollout-${rollout}`;
  const at = someInstant(world);
  if (random.chance(0.1)) {
    report(world, stream, "RolloutSubmitted", at, someSubmission(world, rollout));
    return;
  }
  const type = random.pick(reported);
  const nfzIds = [random.pick(nfzs)];
  const more =
    type === "RolloutProgressed"
      ? { nodesDone: random.below(3), nodesTotal: 2 }
      : type === "RolloutBlocked"
        ? { nfzIds }
        : type === "RolloutOverrideGranted"
          ? { nfzIds, role: "approver", expiresAt: iso(at + hour) }
          : {};
  report(world, stream, type, at, { ...about, ...more });
}

/** NFZs, nodes and policies by report, late or ahead. */
export function reportElse(world: World): void {
  const { random } = world;
  const at = someInstant(world);
  const nfz = random.pick(nfzs);
  const node = random.pick(nodes);
  const aboutNode = { cluster: "c", node };
  const stream = `nfz-${nfz}`;
  switch (random.below(6)) {
    case 0:
    case 1: {
      // It may have begun before anybody said so.
      const from = at + random.pick([0, 0, -20 * minute, hour]);
      report(world, stream, "NfzDeclared", at, someDeclaration(world, nfz, from));
      return;
    }
    case 2: {
      const type = random.pick(["NfzLifted", "NfzCancelled", "NfzExtended", "NfzShortened"]);
      const declared = world.store.stream(stream).find((each) => each.type === "NfzDeclared");
      const spans = declared?.type === "NfzDeclared" ? declared.data.occurrences : [];
      const about = { nfz, cluster: "c" };
      if (type === "NfzLifted" || type === "NfzCancelled") report(world, stream, type, at, about);
      else if (spans.length > 0) {
        const { from: occurrence, to } = random.pick(spans);
        const end = iso(Date.parse(to) + random.pick([-minute, minute, hour]));
        report(world, stream, type, at, { ...about, occurrence, to: end });
      }
      return;
    }
    case 3:
      report(world, `node-c:${node}`, "NodeDecommissioned", at, aboutNode);
      return;
    default: {
      const rack = random.pick(["A", "B"]);
      report(world, `node-c:${node}`, "NodeCommissioned", at, { ...aboutNode, rack });
    }
  }
}

/** Corrects or retracts any event that is there. */
export function amend(world: World): void {
  const { random, store } = world;
  const event = random.pick(store.events);
  const eventId = event.id;
  const isRetraction = random.chance(0.5);
  if (isRetraction) {
    report(world, event.stream, "FactRetracted", world.nowMs, { eventId });
    return;
  }
  if (event.type === "FactRetracted" || event.type === "FactCorrected") return;
  const occurredAt = iso(Math.max(begin, event.occurredAt + random.pick([-hour, -1, 1, hour])));
  report(world, event.stream, "FactCorrected", world.nowMs, { eventId, occurredAt });
}
