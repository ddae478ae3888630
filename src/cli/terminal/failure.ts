/** The message of a failed command, and its exit code. */
import { FigureTooLarge } from "../../../projections/arithmetic/ratio.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import { errorCatalogue, isLedgerError } from "../../errors.ts";
import { RefusedDecision, ServerRefusal } from "./server-refusal.ts";
import { exitCodes, UsageError } from "./terminal.ts";
import type { ExitCode } from "./terminal.ts";

interface Failure {
  readonly code: ExitCode;
  readonly lines: readonly string[];
}

/** System errors that are about what the user named, not about the program. */
const fileErrors: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "access is denied",
  EPERM: "the operation is not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "part of the path is not a folder",
  EEXIST: "it already exists",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
  EADDRINUSE: "the address is in use by another program; choose another --port",
  EADDRNOTAVAIL: "this machine does not have that address; choose another --host",
};

export function failureOf(error: unknown): Failure {
  // Input errors: the message is shown without a stack trace.
  if (error instanceof UsageError) {
    return { code: exitCodes.usage, lines: error.message.split("\n") };
  }
  if (error instanceof RefusedRequest) return { code: exitCodes.usage, lines: [error.message] };
  if (error instanceof FigureTooLarge) return { code: exitCodes.finding, lines: [error.message] };
  if (isLedgerError(error)) {
    const errors = error.errors.map(({ path, message }) => `  ${path} ${message}`);
    const isInput = errorCatalogue[error.code].status < 500;
    return {
      code: isInput ? exitCodes.usage : exitCodes.finding,
      lines: [`${errorCatalogue[error.code].title}: ${error.message}`, ...errors],
    };
  }
  if (error instanceof ServerRefusal) {
    const unsaid = error.errors.filter(({ message }) => !error.message.includes(message));
    return {
      code: codeOf(error),
      lines: [error.message, ...unsaid.map(({ path, message }) => `  ${path} ${message}`)],
    };
  }
  const known = knownSystemError(error) ?? knownSqliteError(error);
  if (known !== null) return { code: exitCodes.usage, lines: [known] };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first = "", ...rest] = text.split("\n");
  const lines = [`internal error: ${first}`, ...rest];
  return { code: exitCodes.finding, lines };
}

function codeOf(error: ServerRefusal): ExitCode {
  const isDecided = error instanceof RefusedDecision && [403, 409].includes(error.status);
  if (isDecided) return exitCodes.refused;
  return error.status < 500 ? exitCodes.usage : exitCodes.finding;
}

function knownSystemError(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    return null;
  }
  const meaning = fileErrors[error.code];
  if (meaning === undefined) return null;
  const { path, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  const what = path ?? (address === undefined ? null : `${address}:${port ?? ""}`);
  return what === null ? meaning : `${what}: ${meaning}`;
}

/** SQLite's result codes (https://www.sqlite.org/rescode.html) for problems of the machine. */
const sqliteErrors: Readonly<Record<number, string>> = {
  10: "reading or writing the file failed",
  11: "the ledger file is damaged. Keep it, check the disk, and restore from a backup or a bundle",
  13: "the disk is full",
  14: "the file, or one beside it, cannot be opened or created; check the folder and its permissions",
  26: "the file is not a ledger, or its beginning is damaged",
};

function knownSqliteError(error: unknown): string | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  const meaning = sqliteErrors[Number(error.errcode) & 0xff];
  return meaning === undefined ? null : `${meaning} (${error.message})`;
}
