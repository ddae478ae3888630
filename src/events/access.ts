/** Events about API keys, which only the ledger itself writes. */
import { z } from "zod";
import { maxGlobsPerKey, maxRolesPerKey } from "../limits/access.ts";
import { eventType } from "./event-type.ts";
import { clusterName, instant } from "./fields/fields.ts";

/** Actors that the ledger itself, its timers and the key of the environment have. */
const reservedNames: ReadonlySet<string> = new Set(["fleetledger", "schedule", "env"]);

export const keyId = z
  .string()
  .regex(/^[0-9a-z]{10}$/, "must be 10 digits and lower-case letters")
  .describe("The key's public part.");

export const keyName = z
  .string()
  .regex(/^[a-z0-9._-]{1,64}$/, "must be 1 to 64 of a-z, 0-9, dot, underscore and hyphen")
  .refine((name) => !reservedNames.has(name), "is reserved for the ledger itself")
  .describe("Who holds the key: the actor of what is stated with it.");

export const keyRole = z
  .string()
  .regex(
    /^(?:[a-z][a-z0-9-]{0,31}|source:[a-z0-9-]{1,32})$/,
    "must be a role: a lower-case letter, then up to 31 of a-z, 0-9 and hyphen, or source:NAME",
  );

export const keyRoles = z
  .array(keyRole)
  .min(1)
  .max(maxRolesPerKey)
  .describe(
    "viewer, reporter, operator, approver, auditor, admin, metrics, source:NAME, or a name that policies look at.",
  );

export const keyClusters = z
  .array(clusterName)
  .min(1)
  .max(maxGlobsPerKey)
  .describe("Globs of clusters, in which * stands for any text; all others are as if not there.");

const keyHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits")
  .describe("SHA-256 of the secret.");

export const accessEvents = {
  KeyIssued: eventType({
    version: 1,
    entity: "system",
    meaning: "An API key was issued. The secret itself is shown once and kept nowhere.",
    instants: ["expiresAt"],
    data: z.strictObject({
      key: keyId,
      name: keyName,
      roles: keyRoles,
      clusters: keyClusters,
      hash: keyHash,
      expiresAt: instant.optional().describe("From when on the key no longer holds."),
    }),
  }),
  KeyRevoked: eventType({
    version: 1,
    entity: "system",
    meaning: "An API key no longer holds.",
    instants: ["at"],
    data: z.strictObject({
      key: keyId,
      at: instant.optional().describe("From when on; left out: at once."),
    }),
  }),
};
