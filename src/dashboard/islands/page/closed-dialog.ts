/** What follows when a dialog was closed. */

/**
 * Takes the dialog away once it is closed, and calls `giveBack` to put the focus where it was.
 * The event comes a moment after the dialog has closed: by then a key may have moved the focus, and it stays there.
 */
export function onceClosed(dialog: HTMLDialogElement, giveBack: () => void): void {
  dialog.addEventListener("close", () => {
    const { activeElement, body } = document;
    const isNowhere =
      activeElement === null || activeElement === body || dialog.contains(activeElement);
    dialog.remove();
    if (isNowhere) giveBack();
  });
}
