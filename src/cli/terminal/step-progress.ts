/** Progress of work in several steps, with a bar for each. */
import type { Progress } from "./progress.ts";
import { startProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Without a total, `done` stands for it. */
export type OnStep = (step: string, done: number, of: number | null) => void;

export async function withStepProgress<T>(
  terminal: Terminal,
  work: (onProgress: OnStep) => Promise<T>,
): Promise<T> {
  const shown: { step: string | null; progress: Progress | null } = { step: null, progress: null };
  try {
    return await work((step, done, of) => {
      if (shown.step !== step) {
        shown.progress?.stop();
        shown.step = step;
        shown.progress = startProgress(terminal, step);
      }
      shown.progress?.update(done, of ?? done);
    });
  } finally {
    shown.progress?.stop();
  }
}
