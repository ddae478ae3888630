/** One subscription to the stand-in's whole log, filtered by the names of streams. */
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { EventLog, LoggedEvent } from "./log.ts";
import type { ReadRequest, ReadResponse, ReceivedRead } from "./messages.ts";
import { caughtUpAnswer, checkpointAnswer, confirmationAnswer, eventAnswer } from "./messages.ts";
import type { Failure } from "./faults.ts";
import { statusOf } from "./faults.ts";

/** What some servers before 24.10 sent as a checkpoint: the largest number there is. */
export const noPosition = 2n ** 64n - 1n;

export class LiveSubscription {
  /** The position after which the client asked for events. */
  readonly from: bigint | "start" | "end";
  readonly #call: ServerWritableStream<ReadRequest, ReadResponse>;
  readonly #log: EventLog;
  readonly #prefixes: readonly string[];
  readonly #isHeld: () => boolean;
  readonly #stopListening: () => void;
  #next = 0;
  #after = -1n;
  #isCaughtUp = false;
  #isOver = false;

  constructor(
    call: ServerWritableStream<ReadRequest, ReadResponse>,
    log: EventLog,
    request: ReceivedRead,
    isHeld: () => boolean,
  ) {
    this.from = request.from;
    this.#call = call;
    this.#log = log;
    this.#prefixes = request.prefixes;
    this.#isHeld = isHeld;
    const { from } = request;
    if (from === "end") this.#next = log.events.length;
    else if (from !== "start") {
      this.#after = from;
      const after = log.events.findIndex(({ position }) => position > from);
      this.#next = after < 0 ? log.events.length : after;
    }
    this.#stopListening = log.onAppended(() => this.deliver());
    call.on("cancelled", () => this.#end());
    call.on("close", () => this.#end());
    this.#write(confirmationAnswer(crypto.randomUUID()));
    this.deliver();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends what is due, unless deliveries are held. */
  deliver(): void {
    while (!this.#isOver && !this.#isHeld() && this.#next < this.#log.events.length) {
      const event = this.#log.events[this.#next++];
      // Like a real server, it passes over what comes up to a position that the log had not reached.
      if (event !== undefined && event.position > this.#after && this.#isWanted(event))
        this.#write(eventAnswer(event));
    }
    if (this.#isHeld() || this.#isCaughtUp || this.#isOver) return;
    this.#isCaughtUp = true;
    this.#write(caughtUpAnswer());
  }

  /** Says that there is nothing more up to a position, whether that is so or not. */
  checkpoint(position: bigint): void {
    this.#write(checkpointAnswer(position));
  }

  /** Ends it from the server's side. */
  abort(failure: Failure): void {
    this.#end();
    this.#call.emit("error", statusOf(failure));
  }

  #isWanted(event: LoggedEvent): boolean {
    const { stream } = event;
    if (this.#log.isGone(event)) return false;
    return this.#prefixes.length === 0 || this.#prefixes.some((each) => stream.startsWith(each));
  }

  #write(answer: ReadResponse): void {
    if (!this.#isOver) this.#call.write(answer);
  }

  #end(): void {
    this.#isOver = true;
    this.#stopListening();
  }
}
