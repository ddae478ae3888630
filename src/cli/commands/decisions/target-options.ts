/** Options that say which nodes are meant. */
import type { Command } from "commander";

export interface TargetOptions {
  readonly nodes?: readonly string[];
  readonly rack?: readonly string[];
  readonly sku?: readonly string[];
}

export function addTargetOptions(command: Command): Command {
  return command
    .option("--nodes <list...>", "nodes, as names or hostlists")
    .option("--rack <name...>", "racks")
    .option("--sku <name...>", "models of nodes");
}

/** The member `targets` of a body; undefined if none is given. */
export function targetsOf({ nodes, rack, sku }: TargetOptions): object | undefined {
  if (nodes === undefined && rack === undefined && sku === undefined) return undefined;
  return {
    ...(nodes === undefined ? {} : { nodes }),
    ...(rack === undefined ? {} : { racks: rack }),
    ...(sku === undefined ? {} : { skus: sku }),
  };
}
