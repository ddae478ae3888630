/** Schemas of older versions: what a sender that still writes them is checked against. Frozen once a newer version is out. */
import type { z } from "zod";
import type { EventType } from "../catalogue.ts";

/** By type, then by version. Empty until a type has a second version. */
export const olderSchemas: {
  readonly [T in EventType]?: Readonly<Record<number, z.ZodType>>;
} = {};
