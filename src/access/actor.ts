/** Who is named as the actor: the key's name, or somebody whom its holder names after it (`name/eva`). */
import { LedgerError } from "../errors.ts";
import type { Access } from "./access.ts";

/** The actor of what is stated; undefined where nobody is asked and none is given. Throws `actor-refused`. */
export function actorOf(
  { name }: Pick<Access, "name">,
  given: string | undefined,
): string | undefined {
  if (name === null || given === name || given?.startsWith(`${name}/`) === true) return given;
  if (given === undefined) return name;
  throw new LedgerError(
    "actor-refused",
    `The key is ${name}'s: the actor must be ${name}, or begin with ${name}/, or be left out.`,
    { errors: [{ path: "/actor", message: `must be ${name}, or begin with ${name}/` }] },
  );
}
