/**
 * A stand-in for KurrentDB in tests that need no server: a small gRPC server that keeps events in memory
 * and answers just what the ledger's store asks of one. It is not KurrentDB and shows nothing about it;
 * that its answers are those of a real server is tested wherever there is one (`wire-contract.ts`). Unlike
 * a real server it can be told to misbehave at a certain call.
 */
import type {
  sendUnaryData,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
} from "@grpc/grpc-js";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import gossipService from "@eventstore/db-client/generated/gossip_grpc_pb.js";
import gossipMessages from "@eventstore/db-client/generated/gossip_pb.js";
import featureService from "@eventstore/db-client/generated/serverfeatures_grpc_pb.js";
import featureMessages from "@eventstore/db-client/generated/serverfeatures_pb.js";
import streamService from "@eventstore/db-client/generated/streams_grpc_pb.js";
import { onTestFinished } from "vitest";
import type { Proxy } from "../proxy.ts";
import { startProxy } from "../proxy.ts";
import type { AppendFault, Failure } from "./faults.ts";
import { statusOf, streamDeleted } from "./faults.ts";
import type { LoggedEvent, Verdict } from "./log.ts";
import { EventLog } from "./log.ts";
import type {
  AppendRequest,
  AppendResponse,
  ReadRequest,
  ReadResponse,
  ReceivedAppend,
  ReceivedRead,
} from "./messages.ts";
import { appendAnswer, eventAnswer, notFoundAnswer, readAppend, readRead } from "./messages.ts";
import { LiveSubscription } from "./subscription.ts";

/** An append that came in, and what the log said to it: `null` if it never got that far. */
export interface AppendSeen extends ReceivedAppend {
  readonly ids: readonly string[];
  readonly verdict: Verdict["kind"] | null;
}

type AppendCall = ServerReadableStream<AppendRequest, AppendResponse>;
type ReadCall = ServerWritableStream<ReadRequest, ReadResponse>;

export class StandIn {
  readonly log: EventLog;
  readonly port: number;
  /** A connection string. */
  readonly url: string;
  readonly appends: AppendSeen[] = [];
  readonly subscriptions: LiveSubscription[] = [];
  /** Answers every call that asks for a leader; `null` if this node is the leader. */
  leaderFailure: Failure | null = null;
  /** Answers every new subscription; `null` if they are taken. */
  subscriptionFailure: Failure | null = null;
  /** Calls that asked for a leader and were answered with that failure. */
  leaderRefusals = 0;
  /** What it tells of the cluster that it is a node of. */
  members: readonly InstanceType<typeof gossipMessages.MemberInfo>[] = [];
  /** The most appends that were held at one time. */
  mostHeld = 0;
  readonly #server: Server;
  readonly #proxy: Proxy;
  readonly #faults = new Map<string, AppendFault[]>();
  #isHolding: (stream: string) => boolean = () => false;
  #held: (() => void)[] = [];
  #holdsDeliveries = false;
  #closing: Promise<void> | null = null;
  #isHoldingReads: (stream: string) => boolean = () => false;
  #heldReads: (() => void)[] = [];

  constructor(server: Server, proxy: Proxy, log: EventLog) {
    this.log = log;
    this.port = proxy.port;
    this.url = `esdb://127.0.0.1:${proxy.port}?tls=false`;
    this.#server = server;
    this.#proxy = proxy;
    server.addService(featureService.ServerFeaturesService, { getSupportedMethods });
    server.addService(gossipService.GossipService, {
      read: (_: unknown, answer: sendUnaryData<InstanceType<typeof gossipMessages.ClusterInfo>>) =>
        answer(null, new gossipMessages.ClusterInfo().setMembersList([...this.members])),
    });
    server.addService(streamService.StreamsService, {
      append: (call: AppendCall, answer: sendUnaryData<AppendResponse>) => {
        this.#onAppend(call, answer);
      },
      read: (call: ReadCall) => this.#onRead(call),
    });
  }

  /** The next appends to a stream go wrong, one after another. */
  failAppends(stream: string, ...faults: readonly AppendFault[]): void {
    this.#faults.set(stream, [...(this.#faults.get(stream) ?? []), ...faults]);
  }

  /** Appends to these streams wait, neither stored nor answered, until they are released. */
  holdAppends(isHeld: (stream: string) => boolean): void {
    this.#isHolding = isHeld;
  }

  get heldAppends(): number {
    return this.#held.length;
  }

  releaseAppends(): void {
    this.#isHolding = () => false;
    for (const go of this.#held.splice(0)) go();
  }

  /** Subscriptions bring nothing, or again what has come in the meantime. */
  holdDeliveries(isHeld: boolean): void {
    this.#holdsDeliveries = isHeld;
    for (const subscription of this.#live()) subscription.deliver();
  }

  /** Reads of these streams wait until they are released. */
  holdReads(isHeld: (stream: string) => boolean): void {
    this.#isHoldingReads = isHeld;
  }

  releaseReads(): void {
    this.#isHoldingReads = () => false;
    for (const go of this.#heldReads.splice(0)) go();
  }

  /** The subscription that was begun last. */
  get subscription(): LiveSubscription {
    const last = this.#live().at(-1);
    if (last === undefined) throw new Error("nobody has subscribed");
    return last;
  }

  abortSubscriptions(failure: Failure): void {
    for (const subscription of this.#live()) subscription.abort(failure);
  }

  /** Ends every connection there is; new ones are taken. */
  cut(): void {
    this.#proxy.cut();
  }

  /** The appends to a stream, in the order in which they came. */
  appendsTo(stream: string): readonly AppendSeen[] {
    return this.appends.filter((seen) => seen.stream === stream);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.releaseAppends();
    await this.#proxy.close();
    this.#server.forceShutdown();
  }

  #live(): readonly LiveSubscription[] {
    return this.subscriptions.filter(({ isOver }) => !isOver);
  }

  #refusesFollower(call: Pick<ReadCall, "metadata">): Failure | null {
    if (call.metadata.get("requires-leader").length === 0) return null;
    if (this.leaderFailure !== null) this.leaderRefusals++;
    return this.leaderFailure;
  }

  #onAppend(call: AppendCall, answer: sendUnaryData<AppendResponse>): void {
    const messages: AppendRequest[] = [];
    call.on("data", (message: AppendRequest) => void messages.push(message));
    call.on("end", () => {
      const received = readAppend(messages);
      const refusal = this.#refusesFollower(call);
      if (refusal !== null) {
        this.#saw(received, null);
        answer(statusOf(refusal));
        return;
      }
      if (!this.#isHolding(received.stream)) {
        this.#take(received, answer);
        return;
      }
      const go = (): void => this.#take(received, answer);
      this.#held.push(go);
      this.mostHeld = Math.max(this.mostHeld, this.#held.length);
      call.on("cancelled", () => {
        this.#held = this.#held.filter((each) => each !== go);
      });
    });
  }

  #take(received: ReceivedAppend, answer: sendUnaryData<AppendResponse>): void {
    const { stream, expected, events } = received;
    if (this.log.hasTombstone(stream)) {
      this.#saw(received, null);
      answer(statusOf(streamDeleted(stream)));
      return;
    }
    const fault = this.#faults.get(stream)?.shift();
    const verdict = fault?.stores === false ? null : this.log.append(stream, expected, events);
    this.#saw(received, verdict?.kind ?? null);
    fault?.meanwhile?.();
    if (fault === undefined && verdict !== null) answer(null, appendAnswer(expected, verdict));
    else if (fault?.answer === "cut") this.cut();
    else if (fault !== undefined && fault.answer !== "silence") answer(statusOf(fault.answer));
  }

  #saw(received: ReceivedAppend, verdict: AppendSeen["verdict"]): void {
    this.appends.push({ ...received, ids: received.events.map(({ id }) => id), verdict });
  }

  #onRead(call: ReadCall): void {
    const refusal = this.#refusesFollower(call);
    if (refusal !== null) {
      call.emit("error", statusOf(refusal));
      return;
    }
    const request = readRead(call.request);
    if (request.maxCount === null && this.subscriptionFailure !== null) {
      call.emit("error", statusOf(this.subscriptionFailure));
      return;
    }
    if (request.maxCount === null) {
      const isHeld = (): boolean => this.#holdsDeliveries;
      this.subscriptions.push(new LiveSubscription(call, this.log, request, isHeld));
      return;
    }
    const { stream } = request;
    if (stream === null || !this.#isHoldingReads(stream)) this.#answerRead(call, request);
    else this.#heldReads.push(() => this.#answerRead(call, request));
  }

  #answerRead(call: ReadCall, request: ReceivedRead): void {
    const { stream } = request;
    if (stream !== null && this.log.hasTombstone(stream)) {
      call.emit("error", statusOf(streamDeleted(stream)));
      return;
    }
    if (stream !== null && this.log.stream(stream).length === 0) call.write(notFoundAnswer(stream));
    for (const event of eventsRead(this.log, request)) call.write(eventAnswer(event));
    call.end();
  }
}

/** What a read that ends by itself gives. Of a stream from a revision on; of all streams from the start or the end. */
function eventsRead(log: EventLog, request: ReceivedRead): LoggedEvent[] {
  const { stream, from, isBackwards, maxCount } = request;
  const place = (event: LoggedEvent): bigint => (stream === null ? event.position : event.revision);
  const all = stream === null ? log.events : log.stream(stream);
  const left = all.filter((event) => !log.isGone(event));
  const inOrder = isBackwards ? left.reverse() : left;
  const wanted = inOrder.filter((event) => {
    if (from === "start" || from === "end") return isBackwards === (from === "end");
    return isBackwards ? place(event) <= from : place(event) >= from;
  });
  return wanted.slice(0, maxCount ?? wanted.length);
}

/** Like a real server, it says that it can take appends in batches; unlike one it cannot: the ledger has its reasons not to ask. */
function getSupportedMethods(
  _: ServerUnaryCall<unknown, unknown>,
  answer: sendUnaryData<InstanceType<typeof featureMessages.SupportedMethods>>,
): void {
  const methods = ["append", "batchappend", "read"].map((name) =>
    new featureMessages.SupportedMethod()
      .setServiceName("event_store.client.streams.Streams")
      .setMethodName(name),
  );
  const supported = new featureMessages.SupportedMethods()
    .setMethodsList(methods)
    .setEventStoreServerVersion("0.0.0-stand-in");
  answer(null, supported);
}

/** Starts a stand-in that ends with the test; on another one's log it is another node of the same cluster. */
export async function startStandIn(log = new EventLog()): Promise<StandIn> {
  const server = new Server();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const standIn = new StandIn(server, await startProxy(port), log);
  onTestFinished(() => standIn.close());
  return standIn;
}
