// Which files run first: those that take minutes, or the last of them would run alone while the other core waits.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By what took longest on two cores; the rest goes by size, as ever. */
const long = [/simulation\/\w+-seeds/, /fuzz\/routes/, /simulation\//, /fuzz\//];

function rank({ moduleId }: TestSpecification): number {
  const found = long.findIndex((pattern) => pattern.test(moduleId));
  return found === -1 ? long.length : found;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).toSorted((one, other) => rank(one) - rank(other)),
    );
  }
}
