/** Verbs as an agent's tools: name, schemas, honest hints; and a call, whose failure is a result that says what to change. */
import { Fault, Replay } from "#brain/kernel/fault.ts";
import type { Verb } from "#brain/kernel/verb.ts";
import { registry } from "#brain/registry.ts";
import { assertOwn, readCursor, writeCursor } from "../cursor.ts";
import { idempotencyOf } from "../idempotency.ts";
import { verbPolicies } from "../limit-policies.ts";
import { pageSchema, schemaOf } from "../openapi.ts";
import { answerTo } from "../problem.ts";
import { type Exchange, isRefusal } from "./exchange.ts";

type Json = Record<string, unknown>;

export type Tool = {
  name: string;
  verb: Verb;
  /** `cursor` goes in, `next_cursor` comes out. */
  list: boolean;
  /** Arguments it knows. */
  known: ReadonlySet<string>;
  /** As tools/list shows it. */
  shown: {
    name: string;
    description: string;
    inputSchema: Json & { type: "object" };
    outputSchema: Json & { type: "object" };
    annotations: Json;
  };
};

/** What is not said would be taken for destructive and open to the world. */
const hintsOf = (verb: Verb): Json => ({
  readOnlyHint: verb.effect === "read",
  // A write may take something away (revoke does); what leaves the house only adds.
  destructiveHint: verb.effect === "write",
  idempotentHint: verb.effect === "read" || verb.idempotency === "required",
  openWorldHint: verb.effect === "external",
});

const cursorSchema: Json = { type: "string", description: "`next_cursor` of the previous page, with the same filters" };
const keySchema: Json = {
  type: "string",
  minLength: 1,
  maxLength: 255,
  description: "Your own value, new for each new request; repeat it to repeat the same request safely",
};

function toolOf(verb: Verb): Tool {
  const name = verb.name.replaceAll(".", "_");
  const input = schemaOf(verb.input(), "input");
  const { after, ...fields } = (input["properties"] ?? {}) as Json;
  const list = after !== undefined;
  const properties = {
    ...fields,
    ...(list ? { cursor: cursorSchema } : {}),
    ...(verb.idempotency === "none" ? {} : { idempotency_key: keySchema }),
  };
  const required = [
    ...((input["required"] ?? []) as string[]),
    ...(verb.idempotency === "required" ? ["idempotency_key"] : []),
  ];
  const output = schemaOf(verb.output(), "output");
  const codes = verb.faults.length ? ` May fail with: ${verb.faults.join(", ")}.` : "";
  return {
    name,
    verb,
    list,
    known: new Set(Object.keys(properties)),
    shown: {
      name,
      description: `${verb.summary}. Needs ${verb.needs}.${codes}`,
      inputSchema: {
        type: "object",
        properties,
        ...(required.length ? { required } : {}),
        additionalProperties: false,
      },
      outputSchema: { ...(list ? pageSchema(output) : output), type: "object" },
      annotations: hintsOf(verb),
    },
  };
}

let made: ReadonlyMap<string, Tool> | undefined;

/** Always in the same order, so that a client's cache of the list stays good. */
export function tools(): ReadonlyMap<string, Tool> {
  made ??= new Map(
    registry
      .filter((verb) => verb.doors.includes("mcp"))
      .map(toolOf)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((tool) => [tool.name, tool]),
  );
  return made;
}

/** What a holder of these permissions sees; he may not call the rest either. */
export const toolsFor = (permissions: readonly string[]): Tool[] =>
  [...tools().values()].filter(({ verb }) => verb.scope !== "project" || permissions.includes(verb.needs));

function assertKnown(tool: Tool, given: Json): void {
  const strange = Object.keys(given).filter((name) => !tool.known.has(name));
  if (strange.length === 0) return;
  throw new Fault("invalid", "invalid_input", {
    detail: `This tool takes: ${[...tool.known].join(", ") || "no arguments"}.`,
    errors: strange.slice(0, 20).map((name) => ({ pointer: `/${name}`, detail: "not an argument of this tool" })),
  });
}

function textOf(given: Json, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || typeof value === "string") return value;
  throw new Fault("invalid", "invalid_input", { errors: [{ pointer: `/${name}`, detail: "must be a string" }] });
}

type Listed = { data: unknown[]; next: { at: string; id: string } | null };

async function run(exchange: Exchange, tool: Tool, given: Json): Promise<Json> {
  const { ctx } = exchange;
  const { verb, name } = tool;
  assertKnown(tool, given);
  const header = textOf(given, "idempotency_key");
  const cursor = tool.list ? textOf(given, "cursor") : undefined;
  const { idempotency_key: _, cursor: __, ...input } = given;
  if (verb.idempotency === "required" && header === undefined) {
    throw new Fault("invalid", "idempotency_key_required", {
      detail: "Give the argument idempotency_key: a value of your own that is new for each new request.",
    });
  }
  const body = Uint8Array.from(new TextEncoder().encode(JSON.stringify(input)));
  const idempotency = await idempotencyOf(verb, { header, route: `mcp ${name}`, body });
  const list = `mcp ${name}`;
  const after = cursor === undefined ? undefined : await readCursor(ctx.ports.secrets, list, cursor);
  const policy = verbPolicies[verb.name];
  if (policy) await exchange.count(policy);
  const output = await verb
    .run(ctx, { ...input, ...(after ? { after } : {}) }, idempotency)
    .catch((thrown: unknown) => {
      if (thrown instanceof Replay) return verb.render(ctx, thrown.body);
      throw thrown;
    });
  if (!tool.list) return output as Json;
  await assertOwn(ctx, after);
  const { next, ...rest } = output as Listed;
  return { ...rest, next_cursor: next && (await writeCursor(ctx, { list }, next)) };
}

export type Called = { content: { type: "text"; text: string }[]; structuredContent?: Json; isError?: true };

/** Throws only what HTTP has to refuse. */
export async function callTool(exchange: Exchange, tool: Tool, given: Json): Promise<Called> {
  try {
    const structuredContent = await run(exchange, tool, given);
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
  } catch (thrown) {
    if (isRefusal(thrown, tool.verb.needs)) throw thrown;
    // The problem that REST would answer, word for word.
    const text = await answerTo(thrown, exchange.ctx.requestId, exchange.ctx.log).text();
    return { content: [{ type: "text", text }], isError: true };
  }
}
