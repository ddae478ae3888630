/** `--update component=version`. */
import { InvalidArgumentError } from "commander";

export interface NamedUpdate {
  readonly component: string;
  readonly version: string;
}

export function componentVersion(
  text: string,
  before: readonly NamedUpdate[] = [],
): readonly NamedUpdate[] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError("It must be COMPONENT=VERSION, such as nic-firmware=28.39.1.");
  return [...before, { component: text.slice(0, at), version: text.slice(at + 1) }];
}
