/** Limits on the time and memory that clients may use; `src/limits/clients.ts` gives the reason for each. Tests set their own. */
import {
  bodyLingerMs,
  maxBodyBytesTogether,
  maxBodyIdleMs,
  maxConnectionStallMs,
  maxHeaderMs,
  maxReaderBytesTogether,
  maxReaderStallMs,
  maxWaitingAnswersTogether,
  maxWholeBodyMs,
  readerFarewellMs,
  stopAnswersMs,
  stopBodyMs,
} from "../../limits/clients.ts";

export interface ConnectionLimits {
  readonly headerMs: number;
  readonly bodyIdleMs: number;
  readonly wholeBodyMs: number;
  readonly bodyBytesTogether: number;
  readonly answerBytesTogether: number;
  readonly stallMs: number;
  readonly lingerMs: number;
  readonly readerStallMs: number;
  readonly readerBytesTogether: number;
  readonly readerFarewellMs: number;
  readonly stopBodyMs: number;
  readonly stopAnswersMs: number;
}

export const connectionLimits: ConnectionLimits = {
  headerMs: maxHeaderMs,
  bodyIdleMs: maxBodyIdleMs,
  wholeBodyMs: maxWholeBodyMs,
  bodyBytesTogether: maxBodyBytesTogether,
  answerBytesTogether: maxWaitingAnswersTogether,
  stallMs: maxConnectionStallMs,
  lingerMs: bodyLingerMs,
  readerStallMs: maxReaderStallMs,
  readerBytesTogether: maxReaderBytesTogether,
  readerFarewellMs,
  stopBodyMs,
  stopAnswersMs,
};
