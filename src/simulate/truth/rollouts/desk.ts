/**
 * The ledger of a cluster at work: deploy systems report to it or ask it, one after another in time, and its timers look
 * after the rollouts. It decides by what it had been told by then, and by its own reading of the rules (docs/simulator.md).
 */
import { type Holding, holding, type Surroundings } from "./holding.ts";
import type { RolloutCourse } from "./course.ts";
import { compareInQueue } from "./queue-order.ts";
import { type Standing, standingOf } from "./standing.ts";
import { demanded } from "./sweep.ts";
import { nextBoundary, type Seen } from "../nfz/standing.ts";
import type { DataOf } from "../../../events/catalogue.ts";
import type { DecisionLog, Draft, Request, TimedWork } from "../../setting/decision-log.ts";
import type { ActTruth, Interval } from "../../setting/history.ts";
import type { StatedFact } from "../../setting/reporter.ts";
import { minuteMs, poissonInstants, type Setting } from "../../setting/setting.ts";

/** What a deploy system waits for: an instant, or that the ledger does something to its rollout before. */
export interface Wish {
  readonly at: number;
  readonly orWhenTold?: boolean;
}

export type DeploySystem = Generator<Wish, void, void>;

interface Agent {
  readonly course: RolloutCourse;
  readonly system: DeploySystem;
  /** Waking it is good for the wish with this number only. */
  wish: number;
  isListening: boolean;
}

/** How long it takes a deploy system to hear of what the ledger did. */
const hearsAfterMs = 1_000;

export class Desk {
  now: number;
  readonly around: Surroundings;
  readonly setting: Setting;
  readonly #log: DecisionLog;
  readonly #agents: Agent[] = [];
  readonly #agenda: { readonly at: number; readonly act: () => void }[] = [];
  /** Times in which nobody drives the timers. */
  readonly unattended: readonly Interval[];
  readonly #boundaries = new Set<number>();

  constructor(setting: Setting, around: Surroundings, log: DecisionLog) {
    this.setting = setting;
    this.around = around;
    this.#log = log;
    this.now = setting.from;
    this.unattended = setting.plan.asksLedger ? outagesOf(setting) : [];
  }

  get courses(): readonly RolloutCourse[] {
    return this.#agents.map(({ course }) => course);
  }

  join(course: RolloutCourse, system: DeploySystem, at: number): void {
    const agent = { course, system, wish: 0, isListening: false };
    this.#agents.push(agent);
    this.#plan(at, () => this.#wake(agent, 0));
  }

  /** Lets all of it happen. */
  run(): void {
    if (this.setting.plan.asksLedger) this.#planSweeps();
    for (;;) {
      const next = this.#agenda.shift();
      if (next === undefined) return;
      this.now = next.at;
      next.act();
    }
  }

  get seen(): Seen {
    return { by: this.now, knownBy: this.now };
  }

  /** As the ledger knows it. */
  standing({ truth }: Pick<RolloutCourse, "truth">): Standing {
    return standingOf(truth, this.seen);
  }

  /** The zones that hold it, as the ledger knows them, by name. */
  held(course: RolloutCourse): Holding[] {
    return holding(this.around, course.truth, this.standing(course), this.now, this.seen);
  }

  /** Appends what was decided now. */
  decide(course: RolloutCourse, asked: Request | TimedWork, drafts: readonly Draft[]): void {
    const facts = this.#log.append(this.now, asked, drafts);
    for (const fact of facts) this.take(course, fact, asked.command);
  }

  /** Notes what was stated of a rollout, and has it looked at once the ledger knows. */
  take({ truth }: RolloutCourse, fact: StatedFact, command: string | null): void {
    const act = actOf(fact, command);
    if (act.at >= this.setting.end) return;
    truth.acts.push(act);
    if (!this.setting.plan.asksLedger) return;
    const agent = this.#agents.find(({ course }) => course.truth === truth);
    if (agent === undefined) return;
    const look = () => this.#sweepOne(agent);
    this.#plan(act.knownAt, look);
    if (act.expiresAt < Infinity) this.#plan(Math.max(act.knownAt, act.expiresAt), look);
  }

  /** What is planned for one instant happens in the order in which it was planned. */
  #plan(at: number, act: () => void): void {
    if (at >= this.setting.end) return;
    let [low, high] = [0, this.#agenda.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#agenda[middle]?.at ?? Infinity) > at) high = middle;
      else low = middle + 1;
    }
    this.#agenda.splice(low, 0, { at, act });
  }

  #wake(agent: Agent, wish: number): void {
    if (agent.wish !== wish) return;
    const next = agent.system.next();
    agent.wish++;
    agent.isListening = next.done !== true && next.value.orWhenTold === true;
    if (next.done === true) return;
    const number = agent.wish;
    this.#plan(Math.max(this.now, next.value.at), () => this.#wake(agent, number));
  }

  #planSweeps(): void {
    const { setting, around } = this;
    const all = () => this.#sweepAll();
    for (const { changes } of around.nfzs)
      for (const { knownAt } of changes) this.#plan(knownAt, all);
    for (const { to } of this.unattended) this.#plan(to, all);
    // Who is a member decides what holds whom; nothing wakes the timers for it but that they look every minute.
    const random = setting.random.fork("looks every minute");
    for (const { memberships } of around.nodes)
      for (const { from, fromKnownAt, toKnownAt } of memberships) {
        if (from > setting.from) this.#plan(fromKnownAt + random.below(minuteMs), all);
        if (toKnownAt < Infinity) this.#plan(toKnownAt + random.below(minuteMs), all);
      }
  }

  #sweepAll(): void {
    const waiting = this.#agents.map((agent) => ({
      agent,
      truth: agent.course.truth,
      isSubmitted: this.standing(agent.course).isSubmitted,
    }));
    waiting.sort(compareInQueue);
    for (const { agent } of waiting) this.#sweepOne(agent);
    const next = nextBoundary(this.around.nfzs, this.now, this.seen);
    if (next === Infinity || this.#boundaries.has(next)) return;
    this.#boundaries.add(next);
    this.#plan(next, () => this.#sweepAll());
  }

  #sweepOne(agent: Agent): void {
    const { course } = agent;
    if (this.unattended.some(({ from, to }) => from <= this.now && this.now < to)) return;
    const { lastAt, stage } = this.standing(course);
    if (stage === "over") return;
    if (lastAt >= this.now) {
      // Every decision about a rollout comes after what it sees of it.
      this.#plan(lastAt + 1, () => this.#sweepOne(agent));
      return;
    }
    const demand = demanded(this.around, course.truth, course.who, this.now);
    if (demand === null) return;
    const reason = `NFZ ${demand.nfzIds.join(", ")}`;
    this.decide(course, { command: "sweep", reason }, demand.drafts);
    const { wish } = agent;
    if (agent.isListening) this.#plan(this.now + hearsAfterMs, () => this.#wake(agent, wish));
  }
}

/** None lasts into what is ahead of the present: there, a ledger is served that drives its own. */
function outagesOf(setting: Setting): Interval[] {
  const { outagesPerDay, meanMs } = setting.scenario.timers;
  const random = setting.random.fork("timers");
  return poissonInstants(setting, random, outagesPerDay)
    .map((from) => ({ from, to: from + Math.ceil(random.exponential(meanMs)) }))
    .filter(({ from }) => from < setting.present)
    .map(({ from, to }) => ({ from, to: Math.min(to, setting.present) }));
}

function actOf({ id, type, occurredAt, recordedAt, data }: StatedFact, command: string | null) {
  const { nfzIds, nodesDone, nodesTotal, nodes, expiresAt, override } = data as Partial<
    DataOf<"RolloutOverrideGranted"> &
      DataOf<"RolloutProgressed"> &
      DataOf<"RolloutOverrideRevoked">
  >;
  return {
    id,
    type: type as ActTruth["type"],
    at: occurredAt,
    knownAt: recordedAt,
    command,
    nfzIds: nfzIds ?? [],
    nodesDone: nodesDone ?? null,
    nodesTotal: nodesTotal ?? null,
    nodes: nodes ?? null,
    expiresAt: expiresAt === undefined ? Infinity : Date.parse(expiresAt),
    override: override ?? null,
  };
}
