/** A file that changes its process would change it for the files that come after it. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { apart, sharing } from "./shared-processes.ts";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const shared = sharing.flatMap((folder) => globSync(`test/${folder}/**/*.test.ts`, { cwd }));

const changesProcess =
  /\bvi\.(mock|doMock|stubGlobal|stubEnv|useFakeTimers)\b|setFlagsFromString|process\.env\[[^\]]+\] (\?\?)?=|process\.chdir|counted-work/;

test("files that share processes replace no module and set nothing of their process; others are apart", () => {
  expect(shared.length).toBeGreaterThan(200);
  const changing = shared.filter((path) =>
    changesProcess.test(readFileSync(`${cwd}/${path}`, "utf8")),
  );
  expect(changing.sort()).toEqual(apart);
});
