/** What `serve` takes and gives. */
import type { serve } from "../../../src/http/serve.ts";

export type ServeOptions = Parameters<typeof serve>[0];
export type RunningServer = Awaited<ReturnType<typeof serve>>;
