/** Asks the ledger for something that a page shows; `null` if it cannot be reached, which the header says, too. */
export async function ask(address: URL | string): Promise<Response | null> {
  try {
    return await fetch(address);
  } catch (error) {
    // Everything but a lost connection is a mistake of the page.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What it sent; `null` if the connection was lost meanwhile. */
export async function bodyOf(answer: Response): Promise<ArrayBuffer | null> {
  try {
    return await answer.arrayBuffer();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
