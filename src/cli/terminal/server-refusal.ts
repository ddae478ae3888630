/** A server's refusal, as the terminal shows it. */
import type { InputError } from "../../errors.ts";

/** Shown with its code and its input errors. */
export class ServerRefusal extends Error {
  readonly status: number;
  /** The ledger's stable code; `null` where what answered is not a ledger. */
  readonly code: string | null;
  readonly errors: readonly InputError[];
  /** Seconds after which it is worth trying again; `null` where trying again changes nothing. */
  readonly retryAfter: number | null;

  constructor(
    message: string,
    {
      status,
      code,
      errors,
      retryAfter,
    }: Pick<ServerRefusal, "status" | "code" | "errors" | "retryAfter">,
  ) {
    super(message);
    this.name = "ServerRefusal";
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** What a command asked of the ledger was refused: told apart from questions that are put wrongly by its exit code. */
export class RefusedDecision extends ServerRefusal {}
