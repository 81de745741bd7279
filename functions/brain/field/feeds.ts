/** The address at which a technician's own calendar program reads his appointments: made, made anew, closed, read. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { sha256 } from "../kernel/digest.ts";
import { Fault } from "../kernel/fault.ts";
import type { Secrets } from "../kernel/ports.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { type FeedEvent, feedText } from "./feed-text.ts";

export const feedPath = "/v1/field/feeds";

const claim = (feed: string) => `calendar feed ${feed}`;

const Link = () => z.tuple([z.uuid(), z.string().min(1).max(64)]);
export type FeedLink = { project: string; feed: string; hash: string };

const id = () => z.string().min(1).max(64);

export const openFeed = verb(
  {
    name: "field.feeds.open",
    summary: "Make the address of a technician's calendar, shown in this answer only; an earlier one ends",
    needs: "field:plan",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    faults: ["tech_unknown", "secret_not_shown_again"],
    input: () => z.object({ id: id().describe("A technician") }),
    output: () => z.object({ tech: z.string(), url: z.string(), version: z.int() }),
  },
  async (ctx, { id }) => {
    const feed = ctx.ids.next("feed");
    const secret = await ctx.ports.secrets.macWith(ctx.ports.secrets.newest, claim(feed));
    const hash = await sha256(secret ?? "");
    return commit(ctx, {
      status: 201,
      change: sql`insert into field.feeds as f (project_id, id, tech_id, token_hash)
        select shared.scope(), ${feed}, t.id, ${hash} from field.techs t where t.project_id = shared.scope() and t.id = ${id}
        on conflict (project_id, tech_id) do update set id = excluded.id, token_hash = excluded.token_hash, revoked_at = null,
          updated_at = shared.clock(), version = f.version + 1
        returning f.project_id as project, f.id as feed, f.tech_id as tech, f.version, ${ctx.ports.secrets.newest}::text as made_with`,
      event: { kind: "calendar.feed_opened", ref: ["tech", id] },
      audit: { action: "calendar.feed_opened", ref: ["tech", id], evidence: "none" },
      lost: () => new Fault("not_found", "tech_unknown"),
    });
  },
  async (row, ctx) => {
    const { project, feed, tech, version, made_with } = row as Record<string, string> & { version: number };
    const secret = await ctx.ports.secrets.macWith(made_with ?? "", claim(feed ?? ""));
    if (secret === undefined)
      throw new Fault("conflict", "secret_not_shown_again", { detail: "Ask for a new address." });
    const body = encoded(JSON.stringify([project, feed]));
    return {
      tech: tech ?? "",
      version,
      url: `${ctx.settings.publicUrl}${feedPath}/${made_with}.${body}.${secret}.ics`,
    };
  },
);

export const closeFeed = verb(
  {
    name: "field.feeds.close",
    summary: "Close the address of a technician's calendar",
    needs: "field:plan",
    effect: "write",
    faults: ["tech_unknown"],
    input: () => z.object({ id: id().describe("A technician") }),
    output: () => z.object({ tech: z.string(), version: z.int() }),
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update field.feeds f set revoked_at = coalesce(f.revoked_at, shared.clock()), updated_at = shared.clock(), version = f.version + 1
        where f.project_id = shared.scope() and f.tech_id = ${id} returning f.tech_id as tech, f.version`,
      event: { kind: "calendar.feed_closed", ref: ["tech", id] },
      audit: { action: "calendar.feed_closed", ref: ["tech", id], evidence: "none" },
      lost: () => new Fault("not_found", "tech_unknown"),
    }),
  (row) => row as { tech: string; version: number },
);

const encoded = (text: string): string => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What an address names, if we made it: looked at before the database is asked anything. */
export async function feedIn(secrets: Secrets, text: string): Promise<FeedLink | undefined> {
  const [, key = "", body = "", secret = ""] =
    (text.length <= 600 && /^([\w-]+)\.([\w-]+)\.([\w-]+)\.ics$/.exec(text)) || [];
  try {
    const [project, feed] = Link().parse(JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/"))));
    const expected = await secrets.macWith(key, claim(feed));
    // Both are hashed first, so that how far they agree takes no time that could be measured.
    const [given, own] = await Promise.all([sha256(secret), sha256(expected ?? "")]);
    return expected !== undefined && given === own ? { project, feed, hash: given } : undefined;
  } catch {
    return undefined;
  }
}

type Row = {
  name: string;
  events: (Omit<FeedEvent, "start" | "end" | "changed"> & Record<"start" | "end" | "changed", string>)[] | null;
};

/** Runs for whoever has the address, in the project that it names. */
export const readFeed = verb(
  {
    name: "field.feeds.read",
    summary: "A technician's appointments of the last month and the next half year, as iCalendar",
    needs: "field:read",
    doors: ["hook"],
    effect: "read",
    input: () => z.object({ feed: id(), hash: z.string().max(64) }),
    output: () => z.object({ text: z.string() }),
  },
  async (ctx, { feed, hash }) => {
    const [found] = await send(ctx, [feedStatement(ctx, { feed, hash })]);
    const row = found.rows[0];
    if (!row) throw new Fault("not_found", "feed_unknown");
    const host = new URL(ctx.settings.publicUrl).hostname;
    const events = (row.events ?? []).map(({ start, end, changed, ...event }) => ({
      ...event,
      start: new Date(instant(start)),
      end: new Date(instant(end)),
      changed: new Date(instant(changed)),
    }));
    return { text: feedText({ name: row.name, host, events }) };
  },
);

const feedStatement = (ctx: Ctx, { feed, hash }: { feed: string; hash: string }) =>
  raw<Row>(
    ctx,
    sql`select t.name, (select jsonb_agg(to_jsonb(e) order by e.start, e.chain) from (
          select m.chain, m.start_ts as start, m.end_ts as "end", m.status, j.title, j.number, j.location, greatest(m.updated_at, j.updated_at) as changed,
            j.version - 1 + (select max(c.sequence) from field.schedule c where c.project_id = f.project_id and (c.id = m.chain or c.origin = m.chain)) as sequence
          from (select distinct on (coalesce(s.origin, s.id)) s.*, coalesce(s.origin, s.id) as chain from field.schedule s
              where s.project_id = f.project_id and s.tech_id = f.tech_id and s.start_ts > shared.clock() - interval '30 days'
                and s.start_ts < shared.clock() + interval '180 days'
              order by coalesce(s.origin, s.id), s.sequence desc, s.created_at desc, s.id desc) m
            join field.jobs j on j.project_id = m.project_id and j.id = m.job_id) e) as events
      from field.feeds f join field.techs t on t.project_id = f.project_id and t.id = f.tech_id
      where f.project_id = shared.scope() and f.id = ${feed} and f.token_hash = ${hash} and f.revoked_at is null`,
  );
