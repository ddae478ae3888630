/** Work that runs until the user stops it. */

/**
 * Does the work. The first Ctrl-C or SIGTERM aborts its signal, so that it can end cleanly; a second one ends the
 * process.
 */
export async function untilSignalled<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const end = () => over.abort();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  try {
    return await work(over.signal);
  } finally {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  }
}
