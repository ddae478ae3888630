/** The rail of time: how many events there were when, and a thumb to any position. */
import type { Island } from "../start-islands.ts";

export function start(track: HTMLElement): Island {
  void track;
  return {};
}
