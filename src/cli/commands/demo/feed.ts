/**
 * Lets a simulated fleet go on while its ledger is served: facts are stated and decisions asked for when their time has
 * come, by the ledger's own clock. People may decide otherwise meanwhile: a rollout about which the ledger says or does
 * something else than in the simulation is left to them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { msUntil } from "../../../clock.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { maxReadWaitMs } from "../../../limits/requests.ts";
import type { DemoClock } from "./demo-clock.ts";
import type { Asking, StatedEvent, Step } from "./script.ts";

/** What the fleet lives in. */
interface Surroundings {
  readonly ledger: Ledger;
  readonly clock: DemoClock;
  /** Sends a body to an address of the API; gives the status of the answer. */
  readonly post: (path: string, body: object) => Promise<number>;
  /** Has the ledger's timers do now what is due. */
  readonly sweep: () => Promise<void>;
  /** Told of what the ledger refused, or what failed. */
  readonly onSkipped: (what: string, error: unknown) => void;
  /** Told of what goes another way than in the simulation, and why. */
  readonly onLeft: (what: string, why: string) => void;
  /** Called when nothing more is to come. */
  readonly onOver: () => void;
}

/** What facts about maintenance have, and others lack. */
interface OfMaintenance {
  readonly node: string;
  readonly maintenanceId?: string;
  readonly rolloutId?: string;
}

const busy = 503;

/** How often a server that is busy is asked again, and after how long. */
const busyTries = 5;
const busyMs = 1_000;

export class Feed {
  readonly #in: Surroundings;
  readonly #stopping = new AbortController();
  /** Rollouts that went another way than in the simulation. */
  readonly #left = new Set<string>();
  /** Maintenances that did not begin, because their rollout went another way. */
  readonly #withheld = new Set<string>();
  #running: Promise<void> | null = null;

  constructor(surroundings: Surroundings) {
    this.#in = surroundings;
  }

  start(steps: readonly Step[]): void {
    this.#running ??= this.#run(steps);
  }

  /** Resolves when everything has come, or after a stop. */
  async done(): Promise<void> {
    await this.#running;
  }

  /** Finishes the step in progress. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(steps: readonly Step[]): Promise<void> {
    const { clock, onSkipped, onOver } = this.#in;
    for (const step of steps) {
      clock.runUntil(step.atMs);
      await this.#until(step.atMs);
      if (this.#isStopping) return;
      try {
        await this.#take(step);
      } catch (error) {
        onSkipped(`a ${step.kind} step of the simulation`, error);
      }
    }
    clock.end();
    onOver();
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #until(instantMs: number): Promise<void> {
    const { clock } = this.#in;
    while (!this.#isStopping && clock.nowMs() < instantMs)
      await this.#pause(Math.ceil(msUntil(clock, instantMs)));
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await sleep(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #take(step: Step): Promise<void> {
    if (step.kind === "sweep") await this.#in.sweep();
    else if (step.kind === "facts") await this.#state(step.events);
    else await this.#ask(step);
  }

  async #state(events: readonly StatedEvent[]): Promise<void> {
    const { ledger, onSkipped } = this.#in;
    const outcomes = await ledger.submit(events.filter((event) => !this.#isWithheld(event)));
    for (const outcome of outcomes)
      if (outcome.status === "refused") onSkipped(`event ${outcome.id}`, outcome.error);
  }

  /** Whether it is about maintenance for a rollout that went another way, and that had not begun before. */
  #isWithheld({ type, data }: StatedEvent): boolean {
    const { maintenanceId, node, rolloutId } = data as OfMaintenance;
    if (maintenanceId === undefined) return false;
    const key = `${node} ${maintenanceId}`;
    const isOfLeft = rolloutId !== undefined && this.#left.has(rolloutId);
    if (isOfLeft && type === "NodeMaintenanceStarted") this.#withheld.add(key);
    return this.#withheld.has(key);
  }

  async #ask(asking: Asking): Promise<void> {
    const { id, sentId, request, rollout, type } = asking;
    if (rollout !== null && (await this.#hasLeft(rollout))) return;
    const { path, actor, reason, body } = request;
    const sent = { ...body, id: sentId, actor, ...(reason === undefined ? {} : { reason }) };
    const status = await this.#post(path, sent);
    // A refusal is an event too, so the status does not say whether the ledger decided as in the simulation.
    const event = await this.#in.ledger.store.findById(id);
    if (event?.type === type) return;
    const why = event === null ? `the answer is ${status}` : `${event.type} instead of ${type}`;
    this.#in.onLeft(`${request.command} at ${path}`, why);
    if (rollout !== null) this.#left.add(rollout.name);
  }

  /** Whether somebody, or the ledger's timers, did something to the rollout that is not in the simulation. */
  async #hasLeft({ cluster, name, events }: NonNullable<Asking["rollout"]>): Promise<boolean> {
    const { ledger, onLeft } = this.#in;
    if (this.#left.has(name)) return true;
    const { sequence } = await ledger.store.head();
    await ledger.waitFor(sequence, maxReadWaitMs);
    const count = ledger.factCount({ cluster, kind: "rollout", name });
    if (count === events) return false;
    this.#left.add(name);
    onLeft(`the rest of rollout ${name}`, `it has ${count} events, not ${events}`);
    return true;
  }

  async #post(path: string, body: object): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const status = await this.#in.post(path, body);
      if (status !== busy || attempt === busyTries) return status;
      await this.#pause(busyMs);
      if (this.#isStopping) return status;
    }
  }
}
