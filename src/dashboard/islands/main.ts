/** Starts what makes a page live: the header first, then each island that the page has. */
import { copyFigures } from "./header/copy-figures.ts";
import { startKeyboard } from "./header/keyboard.ts";
import { startTheme } from "./header/theme-button.ts";
import { startLive } from "./live/live.ts";
import { startIslands } from "./start-islands.ts";

startTheme();
startKeyboard();
copyFigures();
startIslands(document);
if (document.documentElement.classList.contains("live")) startLive();
