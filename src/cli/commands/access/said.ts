/** Who changes a key, and why: the options that all these commands have. */
import type { Command } from "commander";
import { someText } from "../../options/command.ts";

export interface Said {
  readonly actor?: string;
  readonly reason?: string;
  readonly ticket?: string;
}

export function addSaid(command: Command): Command {
  return command
    .option("--actor <text>", "who does this; default on a server: the key's name", someText)
    .option("--reason <text>", "why", someText)
    .option("--ticket <text>", "the ticket about it", someText);
}

export function saidOf({ actor, reason, ticket }: Said): Said {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}
