/** The project's rules for what it sends. A message approved under other rules goes back to its writer. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { reading, verb } from "../kernel/verb.ts";

const wallTime = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, such as 21:00");

const rules = () => ({
  brand: z.string().trim().max(100).describe("The name customers know the sender by"),
  four_eyes: z.boolean().describe("Whoever wrote a message may not approve it"),
  quiet_from: wallTime().describe("At the recipient's"),
  quiet_until: wallTime(),
  cap_count: z.int().min(0).max(1000),
  cap_seconds: z.int().min(60).max(31_536_000),
  stop_on_reply: z.boolean(),
  most_attempts: z.int().min(1).max(20),
  help_text: z
    .object({ en: z.string().trim().max(600).optional(), da: z.string().trim().max(600).optional() })
    .describe("The answer to HELP"),
  postal_address: z.string().trim().max(300).describe("Stands below marketing e-mail"),
  confirm_stop: z.boolean().describe("Confirm a STOP once; false where the provider does it"),
});

const Settings = () => z.object({ ...rules(), version: z.int().describe("0 until something was changed") });

type Row = z.output<ReturnType<typeof Settings>>;

/** Of a relation called `s`. */
const columns = sql`s.brand, s.four_eyes, to_char(s.quiet_from, 'HH24:MI') as quiet_from, to_char(s.quiet_until, 'HH24:MI') as quiet_until, s.cap_count,
  s.cap_seconds, s.stop_on_reply, s.most_attempts, s.help_text, s.postal_address, s.confirm_stop, s.version`;

/** What a project without a row has: the table's own defaults. */
const defaults: Row = {
  brand: "",
  four_eyes: false,
  quiet_from: "21:00",
  quiet_until: "08:00",
  cap_count: 3,
  cap_seconds: 86_400,
  stop_on_reply: true,
  most_attempts: 5,
  help_text: {},
  postal_address: "",
  confirm_stop: true,
  version: 0,
};

export const getSettings = reading(
  {
    name: "outbound.settings.get",
    summary: "The project's rules for what it sends",
    needs: "outbound:read",
    input: () => z.object({}),
    output: Settings,
  },
  {
    part: (ctx) => raw<Row>(ctx, sql`select ${columns} from outbound.settings s where s.project_id = shared.scope()`),
    view: (found) => (found as { rows: Row[] }).rows[0] ?? defaults,
  },
);

export const updateSettings = verb(
  {
    name: "outbound.settings.update",
    summary: "Change the project's rules for what it sends",
    needs: "outbound:operate",
    // Four eyes and caps bind those who write; a model that writes shall not loosen them.
    doors: ["rest"],
    effect: "write",
    faults: ["outbound_settings_changed"],
    input: () =>
      z
        .object(rules())
        .partial()
        .extend({ version: z.int().min(0).max(2_147_483_646).describe("The one you read") }),
    output: Settings,
    example: () => ({ version: 0, brand: "Nordvarme" }),
  },
  async (ctx, { version, ...change }) => {
    const told = JSON.stringify(change);
    const to = sql`jsonb_populate_record(s, ${told}::jsonb)`;
    return commit(ctx, {
      before: [
        raw(
          ctx,
          sql`insert into outbound.settings (project_id, version) values (shared.scope(), 0) on conflict do nothing`,
        ),
      ],
      change: sql`update outbound.settings s set (brand, four_eyes, quiet_from, quiet_until, cap_count, cap_seconds, stop_on_reply, most_attempts,
            help_text, postal_address, confirm_stop)
          = (select n.brand, n.four_eyes, n.quiet_from, n.quiet_until, n.cap_count, n.cap_seconds, n.stop_on_reply, n.most_attempts,
            n.help_text, n.postal_address, n.confirm_stop from ${to} n), updated_at = shared.clock(), version = s.version + 1
        where s.project_id = shared.scope() and s.version = ${version}::int returning ${columns}`,
      event: {
        kind: "outbound.settings_changed",
        ref: ["project", "outbound"],
        payload: { changed: Object.keys(change).sort() },
      },
      audit: {
        action: "outbound.settings_changed",
        ref: ["project", "outbound"],
        evidence: "none",
        payload: { changed: Object.keys(change).sort() },
      },
      lost: () =>
        new Fault("conflict", "outbound_settings_changed", {
          detail: "They have changed since you read them: read them again.",
        }),
    });
  },
  (row) => row as unknown as Row,
);
