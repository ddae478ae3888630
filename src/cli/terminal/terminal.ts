/** The output of a command, and its exit codes. */
import { once } from "node:events";
import { standardError } from "./standard-error.ts";

/** The output of a command: results go to `out`, messages about the work to `say`. */
export interface Terminal {
  /** Writes to standard output; waits while its reader is behind. */
  readonly out: (text: string) => Promise<void>;
  /** Writes a line to standard error. */
  readonly say: (line: string) => void;
  /** Whether standard error is a terminal; progress bars are drawn only there. */
  readonly isInteractive: boolean;
}

/** Exit codes. */
export const exitCodes = {
  ok: 0,
  /** A check failed, or there are findings. */
  finding: 1,
  /** A usage error, or invalid input. */
  usage: 2,
  /** The ledger decided against what was asked. */
  refused: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function processTerminal(): Terminal {
  // A reader such as `head` closes the pipe when it has seen enough: that is not a failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    throw error;
  });
  return {
    out: async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, "drain");
    },
    say: (line) => standardError.write(`${line}\n`),
    isInteractive: process.stderr.isTTY,
  };
}

/** A request that cannot be fulfilled: shown in one line, exit code 2. */
export class UsageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "UsageError";
  }
}
