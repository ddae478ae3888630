/** Sets the reader's theme before anything is shown: it runs as a classic script in the head. */
const theme = localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
