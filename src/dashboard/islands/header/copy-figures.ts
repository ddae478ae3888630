/** A click on a figure copies its exact value. */
const shownMs = 1_200;

export function copyFigures(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const figure = target?.closest<HTMLElement>("[data-raw]");
    // A figure within a link or a button is part of that.
    if (figure === null || figure === undefined || figure.closest("a, button") !== null) return;
    void copy(figure);
  });
}

async function copy(figure: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(figure.dataset["raw"] ?? "");
  } catch {
    // Without a secure address there is no clipboard: the figure is selected instead.
    getSelection()?.selectAllChildren(figure);
    return;
  }
  figure.dataset["copied"] = "";
  setTimeout(() => delete figure.dataset["copied"], shownMs);
}
