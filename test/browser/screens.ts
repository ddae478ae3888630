/** The pictures of pages that the README and docs/ show; `npm run screenshots` takes them. */

export interface Screen {
  /** `docs/screens/NAME.png` */
  readonly name: string;
  readonly path: string;
  readonly theme: "light" | "dark";
  readonly width: number;
  /** How much of the page is shown; the whole page has more. */
  readonly height: number;
}

const wide = { theme: "light", width: 1_440, height: 1_080 } as const;

export const screens: readonly Screen[] = [
  { ...wide, name: "fleet", path: "/" },
  { ...wide, name: "fleet-dark", path: "/", theme: "dark" },
  { ...wide, name: "nodes", path: "/clusters/aurora" },
  { ...wide, name: "jobs", path: "/clusters/aurora/jobs" },
  { ...wide, name: "rollouts", path: "/rollouts" },
  { ...wide, name: "audit", path: "/audit" },
  { ...wide, name: "phone", path: "/", width: 390, height: 1_600 },
];
