/** Islands: elements that a script makes more of. Each kind is loaded when a page has one. */

export interface Island {
  /** Called when the panel around it was rendered anew: `fresh` is the element as the server wrote it now. */
  update?(fresh: HTMLElement): void;
  /** Called when its element leaves the page. */
  stop?(): void;
}

type Start = (element: HTMLElement) => Island | void;

/** How each kind is loaded, by the name in `data-island`. */
export type IslandKinds = Readonly<Record<string, () => Promise<{ readonly start: Start }>>>;

let kinds: IslandKinds = {};

/** Called once, before any island is started. */
export function setIslandKinds(known: IslandKinds): void {
  kinds = known;
}

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
