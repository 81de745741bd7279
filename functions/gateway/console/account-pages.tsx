/** Accounts as pages, and the forms on them. */
import type { Context, Hono } from "hono";
import {
  createAccount,
  getAccount,
  linkContact,
  listAccounts,
  listOffers,
  unlinkContact,
  updateAccount,
} from "#brain/crm/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listContacts } from "#brain/people/index.ts";
import { listEntities } from "#brain/world/index.ts";
import type { App } from "../runtime.ts";
import { Account, Accounts, type AccountView } from "./account-view.tsx";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { accountPath } from "./offer-words.ts";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

async function accountsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const q = (c.req.query("q") ?? "").trim().slice(0, 100);
  const [accounts, memory] = await together(ctx, [
    [listAccounts, { limit: 50, ...(q ? { q } : {}), ...(await turnedTo(c, "accounts")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, q, accounts: await listed(c, "accounts", accounts) };
  return answerFramed(c, { seat, place: "people", title: "Accounts", body: <Accounts view={view} /> });
}

async function accountPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [account, offers, people, entities, memory] = await together(ctx, [
    [getAccount, { id }],
    [listOffers, { account: id, limit: 25 }],
    [listContacts, { limit: 100 }, "if permitted"],
    [listEntities, { firm: id.slice(0, 64), limit: 5 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: AccountView = {
    seat,
    account,
    offers: offers.data,
    people: people?.data ?? [],
    entities: entities?.data ?? [],
  };
  return answerFramed(c, { seat, place: "people", title: account.name, body: <Account view={view} /> });
}

async function accountForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const text = (name: string) => form.get(name)?.replaceAll("\r\n", "\n").trim() ?? "";
  const said = { name: text("name"), registration: text("registration") || null, note: text("note") || null };
  const act = c.req.param("act");
  const id = act === undefined ? "" : idIn(c);
  const contact = text("contact");
  const role = text("role");
  if (act === undefined) {
    const made = await once(ctx, { verb: createAccount, input: said, form });
    return seeOther(c, await withNote(c, accountPath(made.id), { code: "world_written" }));
  }
  if (act === "edit")
    await once(ctx, { verb: updateAccount, input: { id, version: Number(form.get("version")), ...said }, form });
  else if (act === "link")
    await once(ctx, { verb: linkContact, input: { id, contact, ...(role ? { role } : {}) }, form });
  else if (act === "unlink") await once(ctx, { verb: unlinkContact, input: { id, contact }, form });
  else throw new Fault("not_found", "route_unknown");
  return seeOther(c, await withNote(c, accountPath(id), { code: "world_written" }));
}

export function accountPages(pages: Hono<App>): void {
  pages.get("/accounts", accountsPage);
  pages.post("/accounts", accountForm);
  pages.get("/accounts/:id", accountPage);
  pages.post("/accounts/:id/:act", accountForm);
}
