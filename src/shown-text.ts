/**
 * Texts of senders as they are shown to people: on a terminal, in the log, on pages. What has no shape of its own could
 * move the cursor, colour or hide what stands beside it, or turn its order round; it is shown as its number instead.
 */

/** Controls (ANSI escapes begin with one), line breaks, marks of direction and other invisible marks; but not the joiners that scripts need. */
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** The same beyond ASCII: in JSON the others are escaped already. */
const unseenBeyondAscii = /(?![\u200c\u200d])[\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** In one line. */
export function shownText(text: string): string {
  return text.replace(unseen, shownCharacter);
}

/** With its own line breaks and tabs, where these do no harm. */
export function shownLines(text: string): string {
  return text.replace(unseen, (char) => (/[\n\r\t]/.test(char) ? char : shownCharacter(char)));
}

/** JSON that says the same, with what is unseen escaped as JSON escapes it. */
export function shownJson(json: string): string {
  return json.replace(unseenBeyondAscii, (char) =>
    Array.from({ length: char.length }, (_, i) => {
      return `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}

/** Without users and passwords of addresses in it, wherever they come from: a second line behind those who know what is secret. */
export function withoutLogins(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi, "$1…@");
}

function shownCharacter(char: string): string {
  return named[char] ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
