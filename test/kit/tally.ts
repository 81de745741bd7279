// Adds up every project's tests and time for test/run.mjs, which prints them last.
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export type Tally = { passed: number; failed: number; skipped: number; minutes: Record<string, number> };

export class TallyReporter implements Reporter {
  readonly #spans = new Map<string, { from: number; to: number }>();

  onTestModuleQueued(module: TestModule): void {
    this.#touch(module);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#touch(module);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((found) => found === state).length;
    const tally: Tally = {
      passed: count("passed"),
      // A file that could not be loaded, a hook or a stray rejection fails without a test of its own.
      failed: count("failed") + modules.flatMap(brokenParts).length + errors.length,
      skipped: count("skipped") + count("pending"),
      minutes: Object.fromEntries([...this.#spans].map(([name, { from, to }]) => [name, (to - from) / 60_000])),
    };
    const path = process.env["OMNEURO_TALLY"];
    if (path) writeFileSync(path, JSON.stringify(tally));
  }

  /** Projects run one after another, so first to last sign of life is a project's wall time. */
  #touch(module: TestModule): void {
    const name = module.project.name;
    const now = performance.now();
    const span = this.#spans.get(name) ?? { from: now, to: now };
    this.#spans.set(name, { from: span.from, to: now });
  }
}

function brokenParts(module: TestModule): unknown[] {
  return [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
}

// vitest loads reporters by their default export.
// biome-ignore lint/style/noDefaultExport: see above
export default TallyReporter;
