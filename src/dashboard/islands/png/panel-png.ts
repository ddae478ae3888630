/** A panel as a PNG, with its title, window, zone and position in it, so that it explains itself where it is pasted. */

const marginPx = 20;
const headPx = 46;
const scale = 2;

export async function savePanel(panel: HTMLElement): Promise<void> {
  const canvas = await drawPanel(panel);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("the picture could not be made");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${titleOf(panel).replaceAll(/[^\w.-]+/g, "-")}-${document.documentElement.dataset["sequence"]}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function titleOf(panel: HTMLElement): string {
  return panel.querySelector("h2")?.textContent?.trim() ?? "panel";
}

async function drawPanel(panel: HTMLElement): Promise<HTMLCanvasElement> {
  const { width, height } = panel.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil((width + 2 * marginPx) * scale);
  canvas.height = Math.ceil((height + 2 * marginPx + headPx) * scale);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no canvas");
  context.scale(scale, scale);
  const style = getComputedStyle(document.body);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(
    await imageOf(panel, width, height),
    marginPx,
    marginPx + headPx,
    width,
    height,
  );
  context.fillStyle = style.color;
  context.font = `600 15px ${style.fontFamily}`;
  context.fillText(
    `${titleOf(panel)} · ${document.querySelector("h1")?.textContent?.trim() ?? ""}`,
    marginPx,
    marginPx + 14,
  );
  context.font = `400 12px ${style.fontFamily}`;
  context.fillText(standWords(), marginPx, marginPx + 34);
  return canvas;
}

/** Window, zone and position, as the header says them. */
function standWords(): string {
  const period = document.querySelector(".switch [aria-current]")?.textContent?.trim();
  const { sequence } = document.documentElement.dataset;
  const when = document.querySelector("#when time")?.textContent?.trim() ?? "";
  return [period, `as of #${Number(sequence).toLocaleString("en-GB")}`, when]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
}

/** The panel as an image: its HTML within an SVG, with the styles of the page and pictures of its canvases. */
async function imageOf(
  panel: HTMLElement,
  width: number,
  height: number,
): Promise<HTMLImageElement> {
  const clone = panel.cloneNode(true) as HTMLElement;
  const pictures = [...panel.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
  [...clone.querySelectorAll("canvas")].forEach((canvas, i) => {
    const image = document.createElement("img");
    image.src = pictures[i] ?? "";
    image.style.cssText = canvas.style.cssText;
    canvas.replaceWith(image);
  });
  // Folds that are not open would be a line without meaning.
  const left = ".tools, .filters, noscript, [hidden], details:not([open])";
  for (const each of clone.querySelectorAll(left)) each.remove();
  clone.style.margin = "0";
  const root = document.documentElement;
  const isDark =
    getComputedStyle(root).colorScheme === "dark" ||
    (root.dataset["theme"] === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
  const body = document.createElementNS("http://www.w3.org/1999/xhtml", "body");
  const patterns = document.querySelector(".patterns");
  const holder = document.createElement("div");
  holder.style.width = `${width}px`;
  if (patterns !== null) holder.append(patterns.cloneNode(true));
  holder.append(clone);
  body.append(holder);
  const markup = new XMLSerializer().serializeToString(body);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%"><style xmlns="http://www.w3.org/1999/xhtml">${escapeText(await styles())} :root, svg, body { color-scheme: ${isDark ? "dark" : "light"}; } .node-states img { display: block; width: 100%; image-rendering: pixelated; }</style>${markup}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

/** The page's styles, with the fonts in them: an image loads nothing. */
async function styles(): Promise<string> {
  const rules = [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].map((rule) => ({ rule, base: sheet.href ?? location.href })),
  );
  const texts = rules.map(async ({ rule, base }) => {
    if (!(rule instanceof CSSFontFaceRule)) return rule.cssText;
    const [whole = "", path = ""] = /url\("?([^")]+)"?\)/.exec(rule.cssText) ?? [];
    return rule.cssText.replace(whole, `url("${await dataUrl(new URL(path, base))}")`);
  });
  return (await Promise.all(texts)).join("\n");
}

async function dataUrl(address: URL): Promise<string> {
  const blob = await (await fetch(address)).blob();
  return await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve(typeof reader.result === "string" ? reader.result : ""),
    );
    reader.addEventListener("error", () => reject(new Error("a font could not be read")));
    reader.readAsDataURL(blob);
  });
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
