/** Jobs keep their number, their times and their parts' prices; whose they were, and every word about him, goes. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";
import { photoKey } from "./photo.ts";

const ofJob = sql`r.job_id in ${doomed("job")}`;
const stamped = { updated_at: sql`shared.clock()`, version: sql`r.version + 1` };
const staff = "People on staff and when they work";
const codes = "Ids, times and codes";
const product = "Part of the product";

const awaiting = sql`from field.job_photos r where r.project_id = shared.scope() and r.state = 'deleted' and r.removed_at is null and ${ofJob}`;

export const erased: Erasure = {
  first: [sql`select field.begin_erasure()`],
  waits: { "field.job_photos": sql`select count(*) ${awaiting}` },
  outside: {
    ask: sql`select r.id ${awaiting} order by r.id limit 100`,
    async remove(ctx, ids) {
      const project = ctx.who?.project ?? "";
      await ctx.ports.objects?.remove(ids.map((photo) => photoKey({ project, photo })));
    },
    removed: (ids) =>
      sql`update field.job_photos r set removed_at = shared.clock() where r.project_id = shared.scope() and r.id = any(${ids}) and r.state = 'deleted'`,
  },
  parts: [
    {
      table: "field.deliveries",
      how: "redact",
      whose: sql`r.raw is not null and (shared.names_him(r.raw::text) or shared.says_name(r.raw::text))`,
      blank: { raw: blank.none },
      keeps: "delivery_id body_hash event",
    },
    { table: "field.job_notes", how: "delete", stone: "field.job_notes", whose: ofJob },
    {
      table: "field.job_notes",
      how: "redact",
      stone: "field.job_notes",
      whose: names("body"),
      blank: { body: blank.word },
    },
    {
      table: "field.job_parts",
      how: "redact",
      whose: sql`${ofJob} or ${names("name")}`,
      blank: { name: blank.word },
      keeps: "currency added_by",
    },
    {
      table: "field.job_photos",
      how: "redact",
      stone: "field.job_photos",
      whose: ofJob,
      blank: { caption: blank.text, sha256: blank.none },
      todo: sql`r.state <> 'deleted'`,
      also: { ...stamped, state: sql`'deleted'`, deleted_at: sql`coalesce(r.deleted_at, shared.clock())` },
      keeps: "added_by",
    },
    {
      table: "field.job_photos",
      how: "redact",
      whose: names("caption"),
      blank: { caption: blank.text },
      also: stamped,
    },
    {
      table: "field.schedule",
      how: "redact",
      whose: sql`${ofJob} or ${names("reason", "meta")}`,
      blank: { reason: blank.none, meta: blank.json },
      also: stamped,
      keeps: "origin",
    },
    {
      table: "field.jobs",
      how: "redact",
      stone: "field.jobs",
      whose: sql`r.id in ${doomed("job")}`,
      blank: {
        title: blank.word,
        location: blank.text,
        notes: blank.text,
        cancel_reason: sql`case when r.cancel_reason is not null then '[erased]' end`,
        tracking: blank.none,
      },
      todo: sql`r.erased_at is null`,
      also: { erased_at: sql`coalesce(r.erased_at, shared.clock())` },
    },
    { table: "field.jobs", how: "redact", whose: names("title"), blank: { title: blank.word } },
    {
      table: "field.jobs",
      how: "redact",
      whose: names("location", "notes"),
      blank: { location: blank.text, notes: blank.text },
    },
    {
      table: "field.messages",
      how: "redact",
      stone: "field.messages",
      whose: sql`r.contact_id in ${doomed("person")} or r.client_id in ${doomed("person")} or r.id in ${doomed("source")}`,
      blank: {
        provider_message_id: sql`case when r.provider_message_id like 'erased:%' then r.provider_message_id
          else 'erased:' || shared.keyed(r.provider_message_id) end`,
        address: blank.word,
        subject: blank.none,
        body: blank.text,
        attachments: blank.array,
        mail_id: blank.none,
        mail_refs: blank.list,
        thread_id: sql`'erased:' || r.id`,
        meta: blank.json,
      },
      todo: sql`r.erased_at is null`,
      also: {
        ...stamped,
        erased_at: sql`coalesce(r.erased_at, shared.clock())`,
        cut_at: blank.none,
        waits: sql`false`,
      },
      keeps: "answers",
    },
    { table: "field.blackouts", how: "redact", whose: names("note"), blank: { note: blank.text }, also: stamped },
    ...["feeds", "techs", "working_blocks", "working_weeks"].map((table) => ({
      table: `field.${table}`,
      how: "exempt" as const,
      why: staff,
    })),
    ...["acts", "job_departures", "notices", "timers"].map((table) => ({
      table: `field.${table}`,
      how: "exempt" as const,
      why: codes,
    })),
    ...["calendar_settings", "notice_rules"].map((table) => ({
      table: `field.${table}`,
      how: "exempt" as const,
      why: "The house's own rules",
    })),
    { table: "field.job_transitions", how: "exempt", why: product },
  ],
  mentions: {
    "field.jobs": sql`shared.says_name(concat_ws(' ', r.title, r.location, r.notes))`,
    "field.job_notes": sql`shared.says_name(r.body)`,
    "field.blackouts": sql`shared.says_name(r.note)`,
  },
};
