/** The versions of the definitions that figures follow (docs/measures.md). */

/** Every version, oldest first. A report is always recomputed with the version that it was issued with. */
export const definitionsVersions = ["fleetledger-measures/1"] as const;

export type DefinitionsVersion = (typeof definitionsVersions)[number];
