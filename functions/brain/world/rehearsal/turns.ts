/** A turn: what the user says is heard by one side, which answers from what it knows and from nothing else. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../../kernel/batch.ts";
import { commit, replayCheck } from "../../kernel/commit.ts";
import { as, type Ctx } from "../../kernel/ctx.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Fault } from "../../kernel/fault.ts";
import { verb } from "../../kernel/verb.ts";
import { Fact, type FactRow, factView } from "../fact.ts";
import { ref } from "../said.ts";
import { coachReply } from "./coach.ts";
import { counterpartyReply } from "./counterparty.ts";
import { heardIn } from "./heard.ts";
import { decoding, modelled, promptVersion, type Run } from "./modelled.ts";
import { type Channel, hashOf, type Known, type Pack, packOf } from "./pack.ts";
import { Turn, type TurnRow, turnsOf, turnView } from "./session.ts";
import { wordsFor } from "./words.ts";

type Said = { id: string; channel: Channel; text: string };

/** Under one key it is one message, also when the first attempt broke off before it was answered. */
async function messageId(ctx: Ctx, session: string): Promise<string> {
  const key = ctx.entry.idempotency?.key;
  return key === undefined ? ctx.ids.next("message") : `msg_${(await sha256(`${session} ${key}`)).slice(0, 26)}`;
}

async function listen(ctx: Ctx, { id: session, channel, text }: Said): Promise<Pack> {
  const message = await messageId(ctx, session);
  const facts = heardIn(text).map((fact) => ({ ...fact, id: ctx.ids.next("fact"), edge: ctx.ids.next("edge") }));
  const heard = JSON.stringify({ session, message, channel, text, facts });
  const now = sql`shared.clock()`;
  const answers = await send(ctx, [
    ...replayCheck(ctx),
    raw(ctx, sql`select world.hear(${heard}::jsonb)`),
    raw(
      ctx,
      sql`select world.knows_at(${session}, ${channel}, (select m.seq from world.messages m where m.project_id = shared.scope() and m.id = ${message}),
        ${now}, ${now}) as known`,
    ),
  ]);
  const known = (answers.at(-1) as unknown as { rows: { known: Known | null }[] }).rows[0]?.known;
  if (!known)
    throw new Fault("conflict", "counterparty_gone", { detail: "Whom you rehearse with is no longer there." });
  return packOf(known);
}

const plain = { roleplay: counterpartyReply, coach: coachReply };

async function answered(ctx: Ctx, pack: Pack) {
  const model = ctx.ports.language;
  const { text, runs }: { text?: string; runs: Run[] } = model ? await modelled(ctx, { model, pack }) : { runs: [] };
  const last = runs.at(-1);
  const flags = [...new Set(runs.flatMap(({ error_code: code }) => (code ? [code] : [])))];
  const by =
    text === undefined
      ? { provider: null, model: `${pack.channel}-rules`, tokens_in: null, tokens_out: null, prompt_version: null }
      : {
          provider: last?.provider,
          model: last?.model,
          tokens_in: last?.input_tokens,
          tokens_out: last?.output_tokens,
          prompt_version: promptVersion,
        };
  return { text: text ?? plain[pack.channel](pack, await wordsFor(pack)), by, flags, runs };
}

const runsFrom = (runs: Run[], of: Record<string, unknown>): SQL =>
  sql`insert into shared.prompt_runs (project_id, id, user_id, request_id, operation, provider, model, prompt_version, context_hash,
      input_tokens, output_tokens, latency_ms, status, error_code, answer)
    select shared.scope(), r.id, nullif(current_setting('app.user_id', true), '')::uuid, current_setting('app.request_id'), 'world.rehearse',
      r.provider, r.model, ${promptVersion}, r.context_hash, r.input_tokens, r.output_tokens, r.latency_ms, r.status, r.error_code, ${JSON.stringify(of)}::jsonb
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) r (id text, provider text, model text, context_hash text, input_tokens int,
      output_tokens int, latency_ms int, status text, error_code text)`;

type Stored = { session: string; said: number; replied: number };

/** The stored answer holds numbers only: what was said is its user's own. */
async function shown(ctx: Ctx, { session, said, replied }: Stored) {
  const own = as(ctx, { entry: { permission: "world:read", scope: "project" } });
  const [found] = await send(own, [
    raw<{ turns: TurnRow[]; facts: FactRow[] }>(
      own,
      sql`select ${turnsOf(sql`${session}`, sql`m.seq in (${said}::int, ${replied}::int)`)} as turns,
        (select coalesce(jsonb_agg(to_jsonb(f) - 'tsv' order by f.key, f.id), '[]') from world.facts f where f.project_id = shared.scope()
          and f.session_id = ${session} and f.superseded_at is null and f.source_ref = 'message:' || (select m.id from world.messages m
            where m.project_id = shared.scope() and m.session_id = ${session} and m.seq = ${said}::int)) as facts`,
    ),
  ]);
  const row = found.rows[0];
  const [mine, reply] = (row?.turns ?? []).map(turnView);
  if (!mine || !reply) throw new Fault("not_found", "session_unknown");
  return { said: mine, reply, heard: (row?.facts ?? []).map(factView) };
}

export const say = verb(
  {
    name: "world.sessions.say",
    summary:
      "Say something in a rehearsal and be answered: by the counterparty, who now knows it there, or by the coach in confidence",
    needs: "world:write",
    effect: "external",
    // Heard, then answered, then read.
    steps: 3,
    idempotency: "required",
    faults: [
      "session_unknown",
      "session_ended",
      "session_full",
      "person_required",
      "premium_required",
      "counterparty_gone",
      "entity_unknown",
      "entity_archived",
      "contact_unknown",
      "value_invalid",
      "erased",
    ],
    input: () =>
      z.object({
        id: ref(),
        channel: z.enum(["roleplay", "coach"]).default("roleplay"),
        text: z.string().trim().min(1).max(4000),
      }),
    output: () =>
      z.object({
        said: Turn(),
        reply: Turn(),
        heard: z.array(Fact()).describe("What it stated, to be decided on later"),
      }),
    example: () => ({ id: "rhs_example", text: "My rent is 1 400." }),
  },
  async (ctx, said) => {
    const pack = await listen(ctx, said);
    const { text, by, flags, runs } = await answered(ctx, pack);
    const hash = await hashOf(pack);
    const message = ctx.ids.next("message");
    const kept = { message, text, flags, ...by, pack: { id: ctx.ids.next("pack"), hash, content: pack } };
    return (await commit(ctx, {
      change: sql`select r.* from world.reply(${JSON.stringify(kept)}::jsonb) r`,
      ...(runs.length > 0 ? { also: [runsFrom(runs, { pack: hash, message, decoding })] } : {}),
      event: {
        kind: "rehearsal.replied",
        ref: ["message", message],
        payload: { session: said.id, channel: said.channel, pack: hash, facts: pack.facts.length, runs: runs.length },
      },
    })) as Stored;
  },
  (stored, ctx) => shown(ctx, stored),
);
