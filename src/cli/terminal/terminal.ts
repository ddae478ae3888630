/** What a command writes to, and how it ends. */
import { once } from "node:events";
import { standardError } from "./standard-error.ts";

/** A command's way to its user: figures go to `out`, words about the work go to `say`. */
export interface Terminal {
  /** Writes to standard output; waits while its reader is behind. */
  readonly out: (text: string) => Promise<void>;
  /** Writes a line to standard error. */
  readonly say: (line: string) => void;
  /** Whether standard error is a terminal: only there progress is drawn. */
  readonly isInteractive: boolean;
}

/** Exit codes. */
export const exitCodes = {
  ok: 0,
  /** A finding, or a check that failed. */
  finding: 1,
  /** The command was called wrongly, or its input cannot be used. */
  usage: 2,
  /** The ledger decided against what was asked. */
  refused: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function processTerminal(): Terminal {
  // A reader that has seen enough (`| head`) closes the pipe: that is not a failure.
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

/** The user asked for something that cannot be done: told in one line, exit code 2. */
export class UsageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "UsageError";
  }
}
