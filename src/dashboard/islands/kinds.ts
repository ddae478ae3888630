/** Every kind of island; a new one is one line here. */
import type { IslandKinds } from "./page/island.ts";

export const islandKinds: IslandKinds = {
  find: () => import("./header/find.ts"),
  zone: () => import("./header/zone.ts"),
  rail: () => import("./header/rail.ts"),
  "nis-window": () => import("./window/nis-window.ts"),
  decide: () => import("./decide/decide.ts"),
  "node-states": () => import("./states/node-states.ts"),
  "event-log": () => import("./log/event-log.ts"),
  issue: () => import("./issue/issue.ts"),
  pairs: () => import("./pairs/pairs.ts"),
  proof: () => import("./proof/proof.ts"),
};
