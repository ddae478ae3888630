/** The roles that code knows, and what each may do; docs/access.md shows the same matrix. */

/** What a request does. Each is a column of the matrix. */
export type Duty =
  | "read"
  | "state"
  | "deliver"
  | "correct"
  | "operate"
  | "approve"
  | "audit"
  | "manage";

export const knownRoles = [
  "viewer",
  "reporter",
  "operator",
  "approver",
  "auditor",
  "admin",
] as const;

/** The roles that may do it, each on its own. What types of facts a role may state is in `types-by-role.ts`. */
export const rolesFor: Readonly<Record<Duty, readonly string[]>> = {
  /** Figures, pages, streams and events. */
  read: ["viewer", "operator", "approver", "auditor", "admin"],
  /** Facts by events and CloudEvents. */
  state: ["reporter", "operator", "approver", "admin"],
  /** Payloads of sources, admission, co-tests. */
  deliver: ["reporter", "operator", "admin"],
  correct: ["reporter", "operator", "approver", "admin"],
  /** Rollouts, maintenance and scale; declaring and extending no-fly zones. */
  operate: ["operator", "admin"],
  /** Overrides; shortening, skipping, lifting and cancelling no-fly zones; issuing reports. */
  approve: ["approver", "admin"],
  /** Proofs, differences between positions, bundles. */
  audit: ["auditor", "admin"],
  /** Keys, webhooks, the clock. */
  manage: ["admin"],
};
