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
  const meanwhile = heldUntilStarted(element);
  const { start } = await load();
  if (meanwhile.isGone) return;
  const island = start(element) ?? {};
  started.set(element, island);
  if (meanwhile.fresh !== null) island.update?.(meanwhile.fresh);
  // Who has gone elsewhere meanwhile, such as to a field, has changed their mind.
  const { clickedFrom } = meanwhile;
  if (clickedFrom !== null && clickedFrom === document.activeElement) element.click();
}

/** What happens to an island while its script is loading; the island is told once it has started. */
interface Meanwhile {
  fresh: HTMLElement | null;
  isGone: boolean;
  /** Where the focus was when it was clicked. */
  clickedFrom: Element | null;
}

function heldUntilStarted(element: HTMLElement): Meanwhile {
  const meanwhile: Meanwhile = { fresh: null, isGone: false, clickedFrom: null };
  started.set(element, {
    update: (fresh) => (meanwhile.fresh = fresh),
    stop: () => (meanwhile.isGone = true),
  });
  if (element instanceof HTMLButtonElement) {
    const click = () => (meanwhile.clickedFrom = document.activeElement);
    element.addEventListener("click", click, { once: true });
  }
  return meanwhile;
}
