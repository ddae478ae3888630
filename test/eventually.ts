/** Waits for something that happens by itself: how long that takes decides nothing, only the test's own limit does. */
import { vi } from "vitest";

/** Tries the assertion again until it holds. */
export async function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
  return await vi.waitFor(assertion, { timeout: 1_200_000, interval: 20 });
}
