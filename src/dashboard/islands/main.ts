/** Starts what makes a page live: the header first, then each island that the page has. */
import { copyFigures } from "./header/copy-figures.ts";
import { startKeyboard } from "./header/keyboard.ts";
import { startTheme } from "./header/theme-button.ts";
import { startLive } from "./live/live.ts";
import { haveKnownLanguage } from "./page/known-language.ts";
import { islandKinds } from "./kinds.ts";
import { setIslandKinds, startIslands } from "./page/island.ts";

haveKnownLanguage();

document.documentElement.dataset["scripts"] = "";
startTheme();
startKeyboard();
copyFigures();
setIslandKinds(islandKinds);
startIslands(document);
if (document.documentElement.classList.contains("live")) startLive();

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-png]") : null;
  const panel = button?.closest<HTMLElement>("[data-fragment]");
  if (panel === null || panel === undefined) return;
  void import("./png/panel-png.ts").then(({ savePanel }) => savePanel(panel));
});
