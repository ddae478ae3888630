/** What the ledger answers to what it is given. */
import type { LedgerError } from "../../errors.ts";

/** What became of one submitted event. */
export type Submission =
  | {
      readonly status: "appended" | "duplicate";
      readonly id: string;
      readonly stream: string;
      readonly revision: bigint;
      /** `null` where the store learns it only later (a mirror that is behind). */
      readonly sequence: number | null;
    }
  | { readonly status: "refused"; readonly id: string | null; readonly error: LedgerError };
