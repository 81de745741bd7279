/** A capability, declared once: what it is called, who may, what goes in and out. REST, jobs, agents and the console are doors to it. */
import type * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { send } from "./batch.ts";
import { as, type Ctx, type Entry, type Scope } from "./ctx.ts";
import { Fault, Replay } from "./fault.ts";
import { writeDown } from "./refused.ts";
import { traceId } from "./trace.ts";

export type Door = "rest" | "mcp" | "job" | "hook" | "console";

export type Declaration<I extends z.ZodType, O extends z.ZodType> = {
  /** `domain.noun.verb` or `domain.verb`: operation id, job name, permission's subject. */
  name: string;
  summary: string;
  /** The permission asked of whoever enters. */
  needs: string;
  scope?: Scope;
  /** Unless said: rest, and mcp for verbs of a project. What carries secrets says `["rest"]`. */
  doors?: Door[];
  effect: "read" | "write" | "external";
  /** Thunks, because schemas built at module scope are start-up CPU. */
  input: () => I;
  output: () => O;
  /** Codes beyond the ones every door knows. */
  faults?: string[];
  /** `recent`: a person who gave the password longer than half an hour ago gives it again first. */
  proof?: "any" | "recent";
  /** Requests to the database: one, plus one for each outside call in the middle. */
  steps?: number;
  /** Of a job: how many things its answer says were done; runs that did none are not kept. */
  did?(output: z.output<O>): number;
  /** Of a job: numbers by name that are kept with its run. */
  counts?(output: z.output<O>): Record<string, number>;
  idempotency?: "required" | "optional" | "none";
  /** The critical act's name in the audit trail, where a verb asks something before it commits: refusals are written down too. */
  audits?: string;
  /** An input that works in the demo project: documentation and the sweep use it. */
  example?: () => z.input<I>;
};

export type Verb<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = Required<
  Omit<Declaration<I, O>, "example" | "did" | "audits" | "counts">
> & {
  audits?: string;
  did?(output: z.output<O>): number;
  counts?(output: z.output<O>): Record<string, number>;
  example?: () => z.input<I>;
  run(ctx: Ctx, input: unknown, idempotency?: Entry["idempotency"]): Promise<z.output<O>>;
  /** The answer from a stored result: how an idempotent request is answered, the first time too. */
  render(ctx: Ctx, stored: unknown): Promise<z.output<O>>;
};

export type Reading<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = Verb<I, O> & {
  part(ctx: Ctx, input: z.output<I>): Statement;
  view(rows: unknown, input: z.output<I>, ctx: Ctx): z.output<O> | Promise<z.output<O>>;
};

/** zod's complaint as pointers into the input. */
export function complaints(error: z.ZodError): { pointer: string; detail: string }[] {
  return error.issues.slice(0, 20).map((issue) => ({
    pointer: `/${issue.path.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`,
    detail: issue.message,
  }));
}

/** So long a password counts as just given. */
export const recentSeconds = 30 * 60;

const parsers = new WeakMap<object, z.ZodType>();

export function parse<I extends z.ZodType>(declared: { input: () => I }, input: unknown): z.output<I> {
  const schema = (parsers.get(declared) as I | undefined) ?? declared.input();
  parsers.set(declared, schema);
  const read = schema.safeParse(input);
  if (!read.success) {
    throw new Fault("invalid", "invalid_input", {
      detail: "Some fields are missing or wrong; `errors` points at them.",
      errors: complaints(read.error),
    });
  }
  return read.data;
}

/** Runs `work` as `own`, tells `ctx` who that was, and writes the one wide line of it. */
async function logged<T>(ctx: Ctx, run: { name: string; own: Ctx; work: () => Promise<T> }): Promise<T> {
  const { name, own, work } = run;
  const started = ctx.clock.now().getTime();
  let outcome = "ok";
  try {
    return await work();
  } catch (thrown) {
    outcome = thrown instanceof Fault ? thrown.code : thrown instanceof Replay ? "replayed" : "error";
    throw thrown;
  } finally {
    if (own.who) ctx.who = own.who;
    const ms = ctx.clock.now().getTime() - started;
    const requests = ctx.meter.requests;
    ctx.tally.count({ verb: name, outcome, ms, requests });
    ctx.log({
      verb: name,
      outcome,
      request: ctx.requestId,
      trace: traceId(ctx.trace),
      actor: own.who?.actor,
      project: own.who?.project,
      requests,
      ms,
    });
  }
}

/** `act` returns the answer, or with `view` the stored result that the answer is rendered from. */
export function verb<I extends z.ZodType, O extends z.ZodType, S = z.output<O>>(
  declared: Declaration<I, O>,
  act: (ctx: Ctx, input: z.output<I>) => Promise<S>,
  view: (stored: S, ctx: Ctx) => z.output<O> | Promise<z.output<O>> = (stored) => stored as z.output<O>,
): Verb<I, O> {
  const full: Verb<I, O> = {
    scope: "project",
    doors: (declared.scope ?? "project") === "project" ? ["rest", "mcp"] : ["rest"],
    steps: 1,
    proof: "any",
    idempotency: declared.effect === "write" ? "required" : "none",
    ...declared,
    faults: [...(declared.faults ?? []), ...(declared.proof === "recent" ? ["reauthentication_required"] : [])],
    render: async (ctx, stored) => view(stored as S, ctx),
    run: (ctx, input, idempotency) => {
      const entry: Entry = {
        permission: full.needs,
        scope: full.scope,
        ...(full.proof === "recent" ? { provenWithin: recentSeconds } : {}),
        ...(idempotency ? { idempotency } : {}),
      };
      const own = as(ctx, { entry, attempt: full.audits ? { act: { action: full.audits } } : {} });
      const tried = async () => {
        try {
          return await act(own, parse(full, input));
        } catch (thrown) {
          writeDown(own, thrown);
          throw thrown;
        }
      };
      return logged(ctx, { name: full.name, own, work: async () => view(await tried(), own) });
    },
  };
  return full;
}

/** A read whose statement can share a batch with other reads. */
export function reading<I extends z.ZodType, O extends z.ZodType>(
  declared: Omit<Declaration<I, O>, "effect">,
  how: Pick<Reading<I, O>, "part" | "view">,
): Reading<I, O> {
  const base = verb({ ...declared, effect: "read" }, async (ctx, input) => {
    const [rows] = await send(ctx, [how.part(ctx, input)]);
    return how.view(rows, input, ctx);
  });
  return { ...base, ...how };
}

/** `"if permitted"`: a page can do without it, and is told null where the caller may not read it. */
type Ask = readonly [Reading, unknown] | readonly [Reading, unknown, "if permitted"];

type Told<A> = A extends readonly [Reading<z.ZodType, infer O>, unknown, "if permitted"]
  ? z.output<O> | null
  : A extends readonly [Reading<z.ZodType, infer O>, unknown]
    ? z.output<O>
    : never;

/** Several reads in one request, each with its own permission checked; answers in the order asked. */
export async function together<const A extends readonly Ask[]>(
  ctx: Ctx,
  asks: A,
): Promise<{ [K in keyof A]: Told<A[K]> }> {
  const own = as(ctx, { entry: { ...ctx.entry, permission: asks[0]?.[0].needs ?? "", scope: "project" } });
  const name = asks.map(([read]) => read.name).join(" ");
  return logged(ctx, { name, own, work: () => readAll(own, asks) });
}

async function readAll<const A extends readonly Ask[]>(ctx: Ctx, asks: A): Promise<{ [K in keyof A]: Told<A[K]> }> {
  const inputs = asks.map(([read, input]) => parse(read, input));
  const answers = await send(
    ctx,
    asks.map(([read], i) => read.part(ctx, inputs[i])),
  );
  const may = (read: Reading) => ctx.who?.permissions.includes(read.needs) ?? false;
  const missing = asks.find(([read, , need]) => need === undefined && !may(read));
  if (missing) throw new Fault("forbidden", "permission_missing", { permission: missing[0].needs });
  const views = asks.map(([read], i) => (may(read) ? read.view(answers[i], inputs[i], ctx) : null));
  return (await Promise.all(views)) as { [K in keyof A]: Told<A[K]> };
}
