/** A thread that is there and does nothing. */
import { parentPort } from "node:worker_threads";

parentPort?.on("message", () => undefined);
