// Deliveries to `/jobs/{name}`: of every job there is, signed as QStash does, or not quite.
import fc from "fast-check";
import { z } from "zod";
import { registry } from "#brain/registry.ts";
import { mark, rawBody, references, text, value } from "./hostile.ts";
import { near, type Schema, valid } from "./schemas.ts";

export type JobCall = {
  caller: "a" | "b";
  name: string;
  path: string;
  body: string;
  signature: "right" | "next" | "none" | "garbage" | "other key" | "other body" | "other job";
};

const jobs = registry.filter((verb) => verb.doors.includes("job"));
export const jobNames: readonly string[] = jobs.map((verb) => verb.name);

const inputOf = (name: string): Schema => {
  const verb = jobs.find((job) => job.name === name);
  return verb ? (z.toJSONSchema(verb.input(), { io: "input", unrepresentable: "any" }) as Schema) : {};
};

const envelope = fc.record(
  {
    project: fc.oneof(
      { weight: 12, arbitrary: fc.constant(mark("own", "project")) },
      { weight: 1, arbitrary: fc.oneof(text(), fc.uuid()) },
    ),
    id: fc.oneof({ weight: 4, arbitrary: references() }, { weight: 1, arbitrary: value() }),
  },
  { noNullPrototype: true },
);

function bodies(name: string): fc.Arbitrary<string> {
  const schema = inputOf(name);
  const given = fc.oneof({ weight: 3, arbitrary: valid(schema) }, { weight: 2, arbitrary: near(schema) });
  const along = fc.dictionary(
    fc.constantFrom("project_id", "chunk_id", "chunks", "source", "limit", "__proto__"),
    fc.oneof(references(), value()),
    { maxKeys: 2, noNullPrototype: true },
  );
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .tuple(given, along, envelope)
        .map(([input, more, around]) => JSON.stringify({ ...(input as object), ...more, ...around })),
    },
    { weight: 1, arbitrary: rawBody() },
  );
}

const names = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom(...jobNames) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "identity.login",
      "memory.ask",
      "no.such.job",
      "__proto__",
      "%00",
      "a%2Fb",
      "constructor",
    ),
  },
);

export const jobCalls = (): fc.Arbitrary<JobCall> =>
  names.chain((name) =>
    fc.record({
      caller: fc.constantFrom("a" as const, "b" as const),
      name: fc.constant(name),
      path: fc.constant(`/jobs/${name}`),
      body: bodies(name),
      signature: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom("right" as const, "next" as const) },
        {
          weight: 2,
          arbitrary: fc.constantFrom(
            "none" as const,
            "garbage" as const,
            "other key" as const,
            "other body" as const,
            "other job" as const,
          ),
        },
      ),
    }),
  );
