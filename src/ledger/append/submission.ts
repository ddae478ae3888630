/** The ledger's answers to submitted events. */
import type { LedgerError } from "../../errors.ts";

/** The outcome of one submitted event. */
export type Submission =
  | {
      readonly status: "appended" | "duplicate";
      readonly id: string;
      readonly stream: string;
      readonly revision: bigint;
      /** `null` if the sequence is not known yet (the mirror is behind). */
      readonly sequence: number | null;
    }
  | { readonly status: "refused"; readonly id: string | null; readonly error: LedgerError };
