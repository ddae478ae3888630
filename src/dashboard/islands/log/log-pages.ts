/** The pages of the event log that were read: where each begins, and the rows of those near the reader. */

interface ReadPage {
  /** The address that gives this page again, whatever was recorded since. */
  readonly address: string;
  readonly rows: readonly string[];
  /** The address of the page after it; empty if there is none. */
  readonly next: string;
}

interface KeptPage {
  readonly address: string;
  readonly count: number;
  rows: readonly string[] | null;
}

/** Pages whose rows stay in memory: a thousand rows are some hundred kilobytes. */
const keptPages = 10;

export class LogPages {
  readonly #pages: KeptPage[] = [];
  #next = "";
  #isReading = false;
  /** How many rows the pages have that were read so far. */
  count = 0;

  constructor(first: ReadPage) {
    this.#add(first);
  }

  /** Whether there is no further page. */
  get isWhole(): boolean {
    return this.#next === "";
  }

  /** The cells of a row; `null` if its page has to be read again. */
  row(index: number): string | null {
    const [page, offset] = this.#pageOf(index);
    return page?.rows?.[offset] ?? null;
  }

  /** Reads what is missing between two rows, and the next page once the end is near. False if nothing is missing. */
  async fill(first: number, last: number): Promise<boolean> {
    if (this.#isReading) return false;
    const missing = this.#missing(first, last);
    const nearEnd = !this.isWhole && last >= this.count - 1;
    if (missing === null && !nearEnd) return false;
    this.#isReading = true;
    try {
      if (missing !== null) missing.rows = (await fetchPage(missing.address)).rows;
      else this.#add(await fetchPage(this.#next));
    } finally {
      this.#isReading = false;
    }
    this.#forget(Math.floor((first + last) / 2));
    return true;
  }

  #add({ address, rows, next }: ReadPage): void {
    if (rows.length > 0) this.#pages.push({ address, rows, count: rows.length });
    this.#next = next;
    this.count += rows.length;
  }

  #missing(first: number, last: number): KeptPage | null {
    let begin = 0;
    for (const page of this.#pages) {
      if (page.rows === null && begin < last && begin + page.count > first) return page;
      begin += page.count;
    }
    return null;
  }

  #pageOf(index: number): readonly [KeptPage | undefined, number] {
    let begin = 0;
    for (const page of this.#pages) {
      if (index < begin + page.count) return [page, index - begin];
      begin += page.count;
    }
    return [undefined, 0];
  }

  /** Lets go of the rows that are farthest from the one in the middle. */
  #forget(middle: number): void {
    const [here] = this.#pageOf(middle);
    const at = here === undefined ? this.#pages.length - 1 : this.#pages.indexOf(here);
    for (const [i, page] of this.#pages.entries())
      if (Math.abs(i - at) > keptPages / 2) page.rows = null;
  }
}

async function fetchPage(address: string): Promise<ReadPage> {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(`the ledger answered ${answer.status}.`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const log = page.querySelector<HTMLElement>('[data-island="event-log"]');
  return log === null ? { address, rows: [], next: "" } : readPage(log);
}

/** A page as the server wrote it. Its links are reached through the list, which is one stop of the Tab key. */
export function readPage(log: HTMLElement): ReadPage {
  const rows = [...log.querySelectorAll<HTMLTableRowElement>("tbody tr")].map((row) => {
    for (const link of row.querySelectorAll("a")) link.tabIndex = -1;
    return row.innerHTML;
  });
  return { address: log.dataset["here"] ?? "", rows, next: log.dataset["next"] ?? "" };
}
