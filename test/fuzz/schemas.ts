// JSON Schema → values that keep to it, and values that nearly do.
import fc from "fast-check";
import { commonWords, references, text, things, value } from "./hostile.ts";

export type Schema = {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
};

const moment = () =>
  fc
    .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
    .map((at) => at.toISOString());

const formats: Record<string, () => fc.Arbitrary<string>> = {
  uuid: () => fc.oneof(fc.uuid(), references("project", "chunk", "scope")),
  "date-time": moment,
  date: () => moment().map((at) => at.slice(0, 10)),
  uri: () => fc.webUrl(),
};

/** A field's name tells what may be meant by its text. */
const byName: Record<string, () => fc.Arbitrary<string>> = {
  project: () => references("project"),
  // Mostly what a list above it shows: of so many kinds of row, one picked blindly is hardly ever met.
  id: () => fc.oneof({ weight: 3, arbitrary: references("listed") }, { weight: 2, arbitrary: references() }),
  answer: () => references("answer"),
  conversation: () => references("conversation", "number"),
  contact: () => references("contact", "person", "number"),
  ref: () => references("message", "conversation", "key", "answer"),
  cursor: () => references("cursor"),
  q: () => fc.constantFrom(...commonWords),
  question: () => fc.constantFrom(...commonWords).map((word) => `When is the ${word} seen to?`),
  audience: () =>
    fc.oneof(
      fc.constantFrom("staff", "public"),
      references("person", "contact").map((who) => `contact:${who}`),
      references("person").map((who) => `technician:${who}`),
    ),
  source: () => fc.constantFrom("inbox.cw_messages", "memory.kb_entries,inbox.cw_messages"),
  // Two names: their tries are soon used up, and no more passwords are hashed.
  username: () => fc.constantFrom("somebody", "somebody.else"),
  permissions: () => fc.constantFrom("memory:read", "shared:read", "inbox:read", "nothing:here"),
  kind: () => fc.constantFrom("inbox.message.stored", "memory.answered"),
};

function string(schema: Schema, name: string): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 60 } = schema;
  const known = byName[name];
  const plain = schema.format
    ? (formats[schema.format] ?? (() => fc.string()))()
    : schema.pattern
      ? fc.stringMatching(new RegExp(schema.pattern))
      : fc.string({ minLength, maxLength: Math.min(maxLength, 60) });
  if (!known) return plain;
  return fc.oneof({ weight: 3, arbitrary: known() }, { weight: 1, arbitrary: plain });
}

function object(schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, valid(inner, name)]);
  const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(properties);
  return fc.record(model, { requiredKeys: schema.required ?? [], noNullPrototype: true });
}

export function valid(schema: Schema, name = ""): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return fc.oneof(...several.map((inner) => valid(inner, name)));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => valid({ ...schema, type }, name)));
  switch (schema.type) {
    case "string":
      return string(schema, name);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 });
    case "number":
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valid(schema.items ?? {}, name), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case "object":
      return object(schema);
    case "null":
      return fc.constant(null);
    default:
      return value();
  }
}

/** One step outside of a bound. */
function beyond(schema: Schema): unknown[] {
  const edges: unknown[] = [null, [], {}, ""];
  if (schema.minimum !== undefined) edges.push(schema.minimum - 1);
  if (schema.maximum !== undefined) edges.push(schema.maximum + 1, schema.maximum + 0.5, String(schema.maximum));
  if (schema.maxLength !== undefined) edges.push("y".repeat(schema.maxLength), "y".repeat(schema.maxLength + 1));
  if (schema.maxItems !== undefined) edges.push(Array.from({ length: schema.maxItems + 1 }, () => "a:b"));
  return edges;
}

type Change = { name: string; how: "drop" | "change" | "add"; with: unknown };

/** A valid value with one thing wrong, perhaps only slightly. */
export function near(schema: Schema, name = ""): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {});
  if (schema.type !== "object" || names.length === 0) {
    return fc.oneof(fc.constantFrom(...beyond(schema)), name ? text() : value(), references(...things));
  }
  const changes = names.map((inner) =>
    fc.record<Change>({
      name: fc.constant(inner),
      how: fc.constantFrom("drop", "change", "change", "change", "add"),
      with: near(schema.properties?.[inner] ?? {}, inner),
    }),
  );
  const strange = fc.constantFrom("__proto__", "constructor", "after", "project_id", "account_scope_id", "toString");
  return fc.tuple(object(schema), fc.oneof(...changes), strange).map(([whole, change, other]) => {
    const kept = Object.entries(whole as object).filter(([key]) => key !== change.name);
    if (change.how === "drop") return Object.fromEntries(kept);
    return Object.fromEntries([...kept, [change.how === "add" ? other : change.name, change.with]]);
  });
}
