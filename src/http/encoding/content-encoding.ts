/** What the Accept-Encoding and Vary headers say (RFC 9110, 12.5). */

/** Whether a client accepts gzip: by name, or by a star that is not overridden. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  let byStar = false;
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((each) => each.trim());
    const isWanted = !parameters.some((each) => /^q\s*=\s*0(\.0{0,3})?$/.test(each));
    if (coding === "gzip" || coding === "x-gzip") return isWanted;
    if (coding === "*") byStar = isWanted;
  }
  return byStar;
}

/** The Vary header with one more name. */
export function varyingBy(before: string | undefined, name: string): string {
  if (before === undefined || before === "") return name;
  const names = before.split(",").map((each) => each.trim().toLowerCase());
  return names.includes(name.toLowerCase()) || names.includes("*") ? before : `${before}, ${name}`;
}
