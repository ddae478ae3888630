/** Between the stand-in's log and the messages of the protocol, as the client's package defines them. */
import sharedMessages from "@eventstore/db-client/generated/shared_pb.js";
import streamMessages from "@eventstore/db-client/generated/streams_pb.js";
import type { Expected, LoggedEvent, ProposedEvent, Verdict } from "./log.ts";

const { AppendReq, AppendResp, ReadReq, ReadResp } = streamMessages;
const { Empty, StreamIdentifier, UUID } = sharedMessages;
export type AppendRequest = InstanceType<typeof AppendReq>;
export type AppendResponse = InstanceType<typeof AppendResp>;
export type ReadRequest = InstanceType<typeof ReadReq>;
export type ReadResponse = InstanceType<typeof ReadResp>;

export interface ReceivedAppend {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
}

export interface ReceivedRead {
  /** `null` for all streams. */
  readonly stream: string | null;
  readonly from: bigint | "start" | "end";
  readonly isBackwards: boolean;
  /** `null` for a subscription. */
  readonly maxCount: number | null;
  /** Stream names begin with one of these; empty if all are wanted. */
  readonly prefixes: readonly string[];
}

function nameOf(identifier: InstanceType<typeof StreamIdentifier> | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString("utf8");
}

/** An append comes as its options and then one message an event. */
export function readAppend(messages: readonly AppendRequest[]): ReceivedAppend {
  const options = messages.find((message) => message.hasOptions())?.getOptions();
  if (options === undefined) throw new Error("an append without options");
  let expected: Expected = "any";
  if (options.hasRevision()) expected = BigInt(options.getRevision());
  else if (options.hasNoStream()) expected = "no-stream";
  else if (options.hasStreamExists()) expected = "stream-exists";
  const events: ProposedEvent[] = [];
  for (const message of messages) {
    const proposed = message.getProposedMessage();
    if (proposed === undefined) continue;
    events.push({
      id: proposed.getId()?.getString() ?? "",
      properties: new Map(proposed.getMetadataMap().toObject()),
      data: proposed.getData_asU8(),
      metadata: proposed.getCustomMetadata_asU8(),
    });
  }
  return { stream: nameOf(options.getStreamIdentifier()), expected, events };
}

export function appendAnswer(expected: Expected, verdict: Verdict): AppendResponse {
  if (verdict.kind !== "wrong-expected-version") {
    const { revision, position } = verdict.last;
    const place = new AppendResp.Position()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position));
    const success = new AppendResp.Success()
      .setCurrentRevision(String(revision))
      .setPosition(place);
    return new AppendResp().setSuccess(success);
  }
  const wrong = new AppendResp.WrongExpectedVersion();
  if (verdict.current === null) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentRevision(String(verdict.current));
  if (expected === "no-stream") wrong.setExpectedNoStream(new Empty());
  else if (expected === "stream-exists") wrong.setExpectedStreamExists(new Empty());
  else if (expected === "any") wrong.setExpectedAny(new Empty());
  else wrong.setExpectedRevision(String(expected));
  return new AppendResp().setWrongExpectedVersion(wrong);
}

export function readRead(request: ReadRequest): ReceivedRead {
  const options = request.getOptions();
  if (options === undefined) throw new Error("a read without options");
  const one = options.getStream();
  const all = options.getAll();
  let from: ReceivedRead["from"] = "start";
  if (one?.hasEnd() === true || all?.hasEnd() === true) from = "end";
  else if (one?.hasRevision() === true) from = BigInt(one.getRevision());
  else if (all?.hasPosition() === true) from = BigInt(all.getPosition()?.getCommitPosition() ?? 0);
  return {
    stream: one === undefined ? null : nameOf(one.getStreamIdentifier()),
    from,
    isBackwards: options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS,
    maxCount: options.hasSubscription() ? null : Number(options.getCount()),
    prefixes: options.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [],
  };
}

export function eventAnswer(event: LoggedEvent): ReadResponse {
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(String(event.position))
    .setPreparePosition(String(event.position))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  for (const [name, value] of event.properties) recorded.getMetadataMap().set(name, value);
  const read = new ReadResp.ReadEvent().setEvent(recorded);
  return new ReadResp().setEvent(read.setCommitPosition(String(event.position)));
}

export function notFoundAnswer(stream: string): ReadResponse {
  const notFound = new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream));
  return new ReadResp().setStreamNotFound(notFound);
}

export function confirmationAnswer(id: string): ReadResponse {
  const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(id);
  return new ReadResp().setConfirmation(confirmation);
}

export function checkpointAnswer(position: bigint): ReadResponse {
  const checkpoint = new ReadResp.Checkpoint()
    .setCommitPosition(String(position))
    .setPreparePosition(String(position));
  return new ReadResp().setCheckpoint(checkpoint);
}

export function caughtUpAnswer(): ReadResponse {
  return new ReadResp().setCaughtUp(new ReadResp.CaughtUp());
}

function identifierOf(stream: string): InstanceType<typeof StreamIdentifier> {
  return new StreamIdentifier().setStreamName(Buffer.from(stream, "utf8"));
}
