/** Accounts: listed, shown, entered, changed, and who speaks for them. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Account, type AccountCard, accountView, ref } from "./account.ts";

type Row = { account: AccountCard };
const shown = ({ account }: Record<string, unknown>) => accountView(account as AccountCard);
const words = (text: string) =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? [])
    .slice(0, 8)
    .map((word) => `'${word}':*`)
    .join(" & ");

export const listAccounts = reading(
  {
    name: "crm.accounts.list",
    summary: "Firms and households we do business with, the one that changed last first",
    needs: "crm:read",
    input: () =>
      z.object({
        ...paging(),
        q: z.string().trim().min(1).max(100).optional().describe("The beginnings of words of its name"),
        contact: ref().optional().describe("For whom this person speaks"),
        archived: z.enum(["true", "false"]).default("false"),
      }),
    output: () => page(Account()),
  },
  {
    part: (ctx, { limit, after, q, contact, archived }) =>
      raw<Row>(
        ctx,
        sql`select crm.account_card(a) as account from crm.accounts a
          where a.project_id = shared.scope() and ${archived === "true" ? sql`a.archived_at is not null` : sql`a.archived_at is null`}
            and ${q === undefined ? sql`true` : sql`to_tsvector('simple'::regconfig, a.name) @@ to_tsquery('simple', ${words(q)})`}
            and ${contact ? sql`exists (select from crm.account_contacts l where l.project_id = a.project_id and l.account_id = a.id and l.contact_id = any (people.ids_of(${contact})))` : sql`true`}
            and ${after ? sql`(a.updated_at, a.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by a.updated_at desc, a.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: ({ account }) => accountView(account),
        position: ({ account }) => ({ at: account.updated_at, id: account.id }),
      }),
  },
);

export const getAccount = reading(
  {
    name: "crm.accounts.get",
    summary: "One account with who speaks for it",
    needs: "crm:read",
    faults: ["account_unknown"],
    input: () => z.object({ id: ref() }),
    output: Account,
  },
  {
    part: (ctx, { id }) =>
      raw<Row>(
        ctx,
        sql`select crm.account_card(a) as account from crm.accounts a where a.project_id = shared.scope() and a.id = ${id}`,
      ),
    view: (found) => {
      const [row] = (found as { rows: Row[] }).rows;
      if (!row) throw new Fault("not_found", "account_unknown");
      return accountView(row.account);
    },
  },
);

const said = () => ({
  registration: z.string().trim().min(1).max(40).nullable().optional(),
  note: z.string().trim().min(1).max(2000).nullable().optional(),
});
const name = () => z.string().trim().min(1).max(300);

export const createAccount = verb(
  {
    name: "crm.accounts.create",
    summary: "Enter an account",
    needs: "crm:write",
    effect: "write",
    input: () => z.object({ name: name(), ...said() }),
    output: Account,
    example: () => ({ name: "Northwind Ltd" }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("account");
    return commit(ctx, {
      status: 201,
      change: sql`select crm.put_account(${JSON.stringify({ ...input, id })}::jsonb) as account`,
      event: { kind: "account.created", ref: ["account", id] },
    });
  },
  shown,
);

export const updateAccount = verb(
  {
    name: "crm.accounts.update",
    summary: "Change an account, put it away or take it back",
    needs: "crm:write",
    effect: "write",
    faults: ["account_unknown", "account_changed"],
    input: () =>
      z.object({
        id: ref(),
        version: version(),
        name: name().optional(),
        ...said(),
        archived: z.boolean().optional(),
      }),
    output: Account,
    example: () => ({ id: "act_example", version: 1, name: "Northwind Ltd" }),
  },
  async (ctx, { id, version: seen, ...input }) =>
    commit(ctx, {
      change: sql`select crm.touch_account(${id}, ${seen}::int, ${JSON.stringify(input)}::jsonb) as account`,
      event: { kind: "account.changed", ref: ["account", id] },
    }),
  shown,
);

const speaks = (how: "link" | "unlink", role: (said: string | undefined) => SQL) =>
  verb(
    {
      name: `crm.accounts.${how}`,
      summary: how === "link" ? "Say that somebody speaks for an account" : "Somebody speaks for an account no longer",
      needs: "crm:write",
      effect: "write",
      faults: ["account_unknown", "contact_unknown", "person_erased"],
      input: () =>
        z.object({
          id: ref(),
          contact: ref(),
          ...(how === "link" ? { role: z.string().trim().min(1).max(80).optional().describe("What he is there") } : {}),
        }) as z.ZodType<{ id: string; contact: string; role?: string | undefined }>,
      output: Account,
      example: () => ({ id: "act_example", contact: "con_example" }),
    },
    async (ctx, { id, contact, role: does }) =>
      commit(ctx, {
        change: sql`select crm.set_contact(${id}, ${contact}, ${role(does)}) as account`,
        event: { kind: `account.contact_${how}ed`, ref: ["account", id], payload: { contact } },
      }),
    shown,
  );

export const linkContact = speaks("link", (does) => sql`${does ?? ""}::text`);
export const unlinkContact = speaks("unlink", () => sql`null::text`);
