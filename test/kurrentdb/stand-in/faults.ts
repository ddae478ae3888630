/** How the stand-in can be told to misbehave, and the words in which a server says that it failed. */
import type { ServiceError, StatusObject } from "@grpc/grpc-js";
import { Metadata, status } from "@grpc/grpc-js";

/** A failed call as gRPC tells of it; the client finds the kind of error in the metadata `exception`. */
export interface Failure {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What becomes of one append: whether it is stored, and what its sender hears instead of the answer. */
export interface AppendFault {
  readonly stores: boolean;
  /** `cut`: every connection of the server ends; `silence`: nothing at all is heard. */
  readonly answer: "cut" | "silence" | Failure;
  /** What else happens at that moment. */
  readonly meanwhile?: () => void;
}

export const unavailable: Failure = {
  code: status.UNAVAILABLE,
  details: "the server is going away",
};
export const deadlineExceeded: Failure = { code: status.DEADLINE_EXCEEDED, details: "too late" };
export const consumerTooSlow: Failure = { code: status.ABORTED, details: "Consumer too slow" };
/** What is answered for a stream that was deleted for good. */
export function streamDeleted(stream: string): Failure {
  return {
    code: status.FAILED_PRECONDITION,
    details: `Event stream '${stream}' is deleted.`,
    metadata: { exception: "stream-deleted", "stream-name": stream },
  };
}

/** A node that is no leader and knows none. */
export const noLeaderKnown: Failure = {
  code: status.UNKNOWN,
  details: "No leader info available in response",
};

/** A node that is no leader and knows who is. */
export function notLeader(leader: { readonly host: string; readonly port: number }): Failure {
  return {
    code: status.NOT_FOUND,
    details: `Leader info available: ${leader.host}:${leader.port}`,
    metadata: {
      exception: "not-leader",
      "leader-endpoint-host": leader.host,
      "leader-endpoint-port": String(leader.port),
    },
  };
}

export function statusOf({ code, details, metadata = {} }: Failure): ServiceError {
  const trailer = new Metadata();
  for (const [name, value] of Object.entries(metadata)) trailer.set(name, value);
  const words: Pick<StatusObject, "code" | "details" | "metadata"> = {
    code,
    details,
    metadata: trailer,
  };
  return Object.assign(new Error(details), words);
}
