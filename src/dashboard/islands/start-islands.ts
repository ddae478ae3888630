/** Islands: elements that a script makes more of. Each kind is loaded when a page has one. */

export interface Island {
  /** Called when the panel around it was rendered anew: `fresh` is the element as the server wrote it now. */
  update?(fresh: HTMLElement): void;
  /** Called when its element leaves the page. */
  stop?(): void;
}

type Start = (element: HTMLElement) => Island | void;

const kinds: Readonly<Record<string, () => Promise<{ readonly start: Start }>>> = {
  find: () => import("./header/find.ts"),
  zone: () => import("./header/zone.ts"),
  rail: () => import("./header/rail.ts"),
  "nis-window": () => import("./window/nis-window.ts"),
  decide: () => import("./decide/decide.ts"),
  "node-states": () => import("./states/node-states.ts"),
  "event-log": () => import("./log/event-log.ts"),
  issue: () => import("./issue/issue.ts"),
  proof: () => import("./proof/proof.ts"),
};

const started = new WeakMap<HTMLElement, Island>();

export function islandOf(element: HTMLElement): Island | undefined {
  return started.get(element);
}

export function startIslands(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-island]")) void startOne(element);
}

async function startOne(element: HTMLElement): Promise<void> {
  const load = kinds[element.dataset["island"] ?? ""];
  if (load === undefined || started.has(element)) return;
  started.set(element, {});
  const { start } = await load();
  started.set(element, start(element) ?? {});
}
