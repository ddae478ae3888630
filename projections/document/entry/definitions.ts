/** The versions of the definitions that figures follow (docs/measures.md). */

/** Every version, oldest first. A report is computed again by the version that it was issued by. */
export const definitionsVersions = ["fleetledger-measures/1"] as const;

export type DefinitionsVersion = (typeof definitionsVersions)[number];
