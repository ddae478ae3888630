/** Commands on rollouts: each is decided from the rollout's own facts and what is seen of the rest, and then executed. */
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { inForceAt } from "../../../projections/nfz/in-force.ts";
import { rolloutKind, statusBefore } from "../../../projections/rollouts/kind.ts";
import { noStatus } from "../../../projections/rollouts/status.ts";
import { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { type Asked, maySee } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import type { Refusal } from "../command/drafts.ts";
import { type Executed, type Planned, execute, idAt, placeOf } from "../command/execute.ts";
import { decisionInstant } from "../command/instant.ts";
import type { OwnFacts } from "../command/facts-of-stream.ts";
import { readOwnFacts } from "../command/own-facts.ts";
import { worldAt } from "../command/world.ts";
import { resolveBeforeDeciding } from "../nfz/resolve.ts";
import { type RolloutAnswer, rolloutAnswer } from "./answer.ts";
import { type RolloutCommand, decideRollout } from "./commands.ts";
import { type RolloutContext, heldNow, matchingOf } from "./context.ts";
import type { Cover } from "../../../projections/rollouts/cover.ts";
import type { DataOf } from "../../events/catalogue.ts";
import { roleNeeded } from "./override.ts";
import { needsCoTest, nfzInForce } from "./start.ts";
import { type SubmitBody, decideSubmit, submissionErrors } from "./submit.ts";

export async function submitRollout(
  deciding: Deciding,
  asked: Asked,
  body: SubmitBody,
): Promise<RolloutAnswer> {
  const errors = submissionErrors(body);
  if (errors.length > 0) {
    const detail = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new LedgerError("invalid-request", detail, { errors });
  }
  const { rollout, cluster } = body;
  return await carriedOut(deciding, asked, { rollout, cluster }, (own, P) => {
    if (!deciding.ledger.clusters(P).includes(cluster) || !maySee(asked.caller, cluster))
      throw noSuchCluster(cluster);
    const at = decisionInstant(deciding.ledger, P, own.latestAt);
    const world = worldAt(deciding.ledger.view(cluster, P), at, deciding.places);
    return { own, at, outcome: decideSubmit(world, [...own.byCluster.values()].flat(), body) };
  });
}

function noSuchCluster(cluster: string): LedgerError {
  return new LedgerError("not-found", `there is no cluster ${cluster}`, {
    errors: [{ path: "/cluster", message: "is not known" }],
  });
}

export async function commandRollout(
  deciding: Deciding,
  asked: Asked,
  target: Target,
  command: RolloutCommand,
): Promise<RolloutAnswer> {
  const { ledger, gates } = deciding;
  return await carriedOut(deciding, asked, target, (own, P) => {
    const cluster = clusterOf(own, asked, target);
    const at = decisionInstant(ledger, P, own.latestAt);
    const context = contextOf(deciding, asked, { rollout: target.rollout, cluster, own, P, at });
    return { own, at, outcome: decideRollout(context, command, gates) };
  });
}

/** The only cluster in which facts that the caller may see use this id. */
function clusterOf(own: OwnFacts, { caller }: Asked, { rollout, cluster }: Target): string {
  const seen = [...own.byCluster.keys()].filter((each) => maySee(caller, each)).sort();
  const [first, second] = cluster === undefined ? seen : seen.filter((each) => each === cluster);
  if (first === undefined)
    throw new LedgerError("not-found", `there is no rollout ${rollout}`, { extra: { rollout } });
  if (second === undefined) return first;
  const message = `must be said: ${rollout} is a rollout of ${seen.join(" and of ")}`;
  throw new LedgerError("invalid-request", `/cluster ${message}`, {
    errors: [{ path: "/cluster", message }],
  });
}

interface Situation {
  readonly rollout: string;
  readonly cluster: string;
  readonly own: OwnFacts;
  readonly P: number;
  readonly at: number;
}

function contextOf(
  { ledger, places }: Deciding,
  { caller }: Asked,
  { rollout, cluster, own, P, at }: Situation,
): RolloutContext {
  const facts = own.byCluster.get(cluster) ?? [];
  const status = facts.length === 0 ? noStatus : foldEntity(rolloutKind, rollout, facts).status;
  return { rollout, world: worldAt(ledger.view(cluster, P), at, places), status, caller };
}

interface Target {
  readonly rollout: string;
  /** As stated in the request; undefined if it was not. */
  readonly cluster?: string | undefined;
}

type Plan = (own: OwnFacts, P: number) => Planned;

async function carriedOut(
  deciding: Deciding,
  asked: Asked,
  target: Target,
  plan: Plan,
): Promise<RolloutAnswer> {
  return await deciding.telling(asked, target.rollout, () =>
    answerOf(deciding, asked, target, plan),
  );
}

async function answerOf(
  deciding: Deciding,
  asked: Asked,
  target: Target,
  plan: Plan,
): Promise<RolloutAnswer> {
  const { ledger, onDecided } = deciding;
  const { rollout } = target;
  const read = async (P: number, upTo: bigint | null = null): Promise<OwnFacts> =>
    await readOwnFacts(ledger, "rollout", rollout, P, upTo);
  await resolveBeforeDeciding(deciding);
  const executed = await execute(ledger, asked, {
    stream: `rollout-${rollout}`,
    onDecided,
    plan: async (P) => plan(await read(P), P),
    repeat: async (event) => await repeated(deciding, asked, target.rollout, event),
  });
  // As its last event left it: what was recorded since changes no answer.
  const last = executed.further.at(-1) ?? executed.event;
  const own =
    executed.outcome === "already" || last === null
      ? await read(ledger.sequence())
      : await read(executed.P, BigInt(last.revision));
  const cluster = target.cluster ?? clusterOfEvents(own, executed) ?? clusterOf(own, asked, target);
  if (isLetGo(executed)) deciding.onLetGo({ cluster, rollout });
  return rolloutAnswer(rollout, cluster, stateAfter(own, rollout, cluster, executed), executed);
}

function clusterOfEvents(own: OwnFacts, { event }: Executed): string | null {
  const data = event === null ? undefined : own.events.get(event.id)?.data;
  return data !== undefined && "cluster" in data ? (data.cluster ?? null) : null;
}

/** The state after the command's last event; if the command made none, the present state. */
function stateAfter(own: OwnFacts, rollout: string, cluster: string, executed: Executed): string {
  const facts = own.byCluster.get(cluster) ?? [];
  if (facts.length === 0) return noStatus.state;
  const timeline = foldEntity(rolloutKind, rollout, facts);
  const until = executed.outcome === "already" ? Infinity : executed.at + 1;
  return statusBefore(timeline, until).state;
}

/** The answer that the command got the first time: its events still exist, and what it saw is read again. */
async function repeated(
  deciding: Deciding,
  asked: Asked,
  rollout: string,
  event: StoredEvent,
): Promise<Executed> {
  const { ledger } = deciding;
  const own = await readOwnFacts(ledger, "rollout", rollout, ledger.sequence());
  const further: StoredEvent[] = [];
  for (let i = 1; ; i++) {
    const next = own.events.get(idAt(asked.id, i));
    if (next === undefined) break;
    further.push(next);
  }
  const P = event.attribution.decision?.sequence ?? event.sequence;
  const at = event.occurredAt;
  const before = await readOwnFacts(ledger, "rollout", rollout, P, event.revision - 1n);
  const situation = { rollout, own: before, P, at };
  const refusal = refusalIn(deciding, asked, situation, event);
  const start = [event, ...further].find(isStart);
  const extra =
    start === undefined ? {} : { covered: coveredThen(deciding, asked, situation, start) };
  return {
    outcome: "repeated",
    at,
    P,
    event: placeOf(event),
    further: further.map(placeOf),
    refusal,
    extra,
  };
}

/** Whether the command itself, now, let it start or go on. */
function isLetGo({ outcome, event, further }: Executed): boolean {
  return (
    outcome === "appended" && [event, ...further].some((each) => each !== null && isStart(each))
  );
}

function isStart({ type }: { readonly type: string }): boolean {
  return type === "RolloutStarted" || type === "RolloutResumed";
}

/** What covered the NFZs that were in force when it was decided. */
function coveredThen(
  deciding: Deciding,
  asked: Asked,
  situation: Omit<Situation, "cluster">,
  { data }: StoredEvent,
): readonly Cover[] {
  const { cluster, fastPath } = data as DataOf<"RolloutStarted">;
  const context = contextOf(deciding, asked, { ...situation, cluster });
  return heldNow(context, fastPath !== undefined).covered;
}

/** The refusal that an event records; `null` if it records none. */
function refusalIn(
  deciding: Deciding,
  asked: Asked,
  situation: Omit<Situation, "cluster">,
  event: StoredEvent,
): Refusal | null {
  const { rollout, at } = situation;
  if (event.type === "RolloutRefused") {
    const { code, roles = [], pairs = [] } = event.data as DataOf<"RolloutRefused">;
    return code === "role-needed" ? roleNeeded(rollout, roles) : needsCoTest(rollout, pairs);
  }
  if (event.type !== "RolloutBlocked") return null;
  const { cluster, nfzIds } = event.data as {
    readonly cluster: string;
    readonly nfzIds: readonly string[];
  };
  const context = contextOf(deciding, asked, { ...situation, cluster });
  const matching = matchingOf(context);
  const held = matching
    .filter(({ nfz }) => nfzIds.includes(nfz))
    .flatMap((each) => inForceAt(each, at) ?? []);
  return nfzInForce(context, held, matching);
}
