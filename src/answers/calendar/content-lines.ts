/** The lines that an iCalendar text consists of (RFC 5545, 3.1): properties, escaped, folded and ended with CRLF. */

/** Octets in a line, without its end. */
const longestLine = 75;

/** A property, as one or several lines that end with CRLF. `value` is written as it is. */
export function contentLine(name: string, value: string): string {
  return `${folded(`${name}:${value}`)}\r\n`;
}

/** A value of type TEXT (RFC 5545, 3.3.11): line breaks, backslashes, commas and semicolons do not end it. */
export function textValue(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll(";", "\\;")
    .replaceAll(",", "\\,")
    .replace(/\r\n|\r|\n/g, "\\n");
}

/** An instant in UTC, to the second, such as `20260606T200000Z`. */
export function dateTimeValue(instantMs: number): string {
  const text = new Date(instantMs).toISOString();
  const [date, time] = [text.slice(0, 10), text.slice(11, 19)];
  return `${date.replaceAll("-", "")}T${time.replaceAll(":", "")}Z`;
}

/** Continued on further lines, which begin with a blank. A character of several octets is never cut: readers that join octets and readers that join characters get the same. */
function folded(line: string): string {
  if (line.length <= longestLine && Buffer.byteLength(line) === line.length) return line;
  return /^[\x20-\x7e]*$/.test(line) ? foldedAscii(line) : foldedByCharacter(line);
}

function foldedAscii(line: string): string {
  const lines = [line.slice(0, longestLine)];
  const rest = longestLine - 1;
  for (let i = longestLine; i < line.length; i += rest) lines.push(` ${line.slice(i, i + rest)}`);
  return lines.join("\r\n");
}

function foldedByCharacter(line: string): string {
  const lines: string[] = [];
  let current = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > longestLine) {
      lines.push(current);
      current = " ";
      octets = 1;
    }
    current += character;
    octets += size;
  }
  lines.push(current);
  return lines.join("\r\n");
}
