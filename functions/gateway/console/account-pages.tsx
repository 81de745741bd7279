/** Accounts as pages: the list, one with its people and offers, and the forms on them. */
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
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { accountPath, accountsPath, offersPath } from "./offer-words.ts";
import { OfferTable, PeopleTabs } from "./offers-view.tsx";
import { once } from "./once.ts";
import { personPath } from "./outbound-words.ts";
import { type Seat, seatOf } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { AccountSeen, Contact, EntityRow, Listed, OfferSeen } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { listed, turnedTo } from "./turning.ts";
import { entityPath } from "./world-words.ts";

const Fields = ({ account }: { account?: AccountSeen }) => (
  <>
    <div class="pair">
      <label class="field">
        <span class="label">Name</span>
        <input name="name" value={account?.name ?? ""} maxlength={300} autocomplete="off" required />
      </label>
      <label class="field">
        <span class="label">Number in the companies register</span>
        <input name="registration" value={account?.registration ?? ""} maxlength={40} autocomplete="off" />
      </label>
    </div>
    <label class="field">
      <span class="label">Note</span>
      <textarea name="note" rows={2} maxlength={2000}>
        {account?.note ?? ""}
      </textarea>
    </label>
  </>
);

const Accounts = ({
  view: { seat, accounts, q },
}: {
  view: { seat: Seat; accounts: Listed<AccountSeen>; q: string };
}) => (
  <main class="page">
    <header class="page-head">
      <div>
        <PeopleTabs current="accounts" />
        <h1>Accounts</h1>
        <p>Firms and households we do business with.</p>
      </div>
      <form class="filter" method="get" action={accountsPath}>
        <label class="field">
          <span class="label">Name begins with</span>
          <input type="search" name="q" value={q} maxlength={100} autocomplete="off" />
        </label>
        <button class="button" type="submit">
          Find
        </button>
      </form>
    </header>
    {seat.permissions.includes("crm:write") ? (
      <div class="acts-line">
        <details>
          <summary class="button">New account</summary>
          <form method="post" action={accountsPath}>
            <Proof seat={seat} />
            <Fields />
            <button class="button chief" type="submit">
              Save
            </button>
          </form>
        </details>
      </div>
    ) : null}
    <ul class="points">
      {accounts.data.map((row) => (
        <li>
          <a class="link" href={accountPath(row.id)} data-item>
            {row.name}
          </a>
          <span class="soft">{row.contacts.map(({ name }) => personName(name)).join(", ")}</span>
        </li>
      ))}
    </ul>
    {accounts.data.length === 0 ? <p class="soft">No account of that name.</p> : null}
    {accounts.more ? (
      <a class="more" href={accounts.more}>
        More
      </a>
    ) : null}
  </main>
);

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

type AccountView = {
  seat: Seat;
  account: AccountSeen;
  offers: OfferSeen[];
  people: Pick<Contact, "id" | "name">[];
  entities: EntityRow[];
};

const People = ({ view: { seat, account, people } }: { view: AccountView }) => (
  <section class="closer">
    <h2>Who speaks for it</h2>
    <ul class="points">
      {account.contacts.map(({ id, name, role }) => (
        <li>
          <span>
            <a class="link" href={personPath(id)}>
              {personName(name)}
            </a>
            {role ? `, ${role}` : ""}
          </span>
          {seat.permissions.includes("crm:write") ? (
            <form method="post" action={`${accountPath(account.id)}/unlink`}>
              <Proof seat={seat} />
              <input type="hidden" name="contact" value={id} />
              <button class="button slight" type="submit">
                Take off
              </button>
            </form>
          ) : null}
        </li>
      ))}
    </ul>
    {account.contacts.length === 0 ? <p class="soft">Nobody yet.</p> : null}
    {seat.permissions.includes("crm:write") ? (
      <form class="filter" method="post" action={`${accountPath(account.id)}/link`}>
        <Proof seat={seat} />
        <label class="field">
          <span class="label">Person</span>
          <select name="contact">
            {people.map(({ id, name }) => (
              <option value={id}>{personName(name)}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">What he or she is there</span>
          <input name="role" maxlength={80} autocomplete="off" placeholder="chair" />
        </label>
        <button class="button" type="submit">
          Add
        </button>
      </form>
    ) : null}
  </section>
);

const Account = ({ view }: { view: AccountView }) => {
  const { seat, account, offers, entities } = view;
  const mayWrite = seat.permissions.includes("crm:write");
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <PeopleTabs current="" />
          <h1>{account.name}</h1>
          <p class="facts-line">
            {account.registration ? <span>No. {account.registration}</span> : null}
            {entities.map(({ id, name }) => (
              <a class="link" href={entityPath(id)}>
                What we know of {name}
              </a>
            ))}
          </p>
        </div>
        {mayWrite ? (
          <a class="button chief" href={`${offersPath}/new?account=${encodeURIComponent(account.id)}`}>
            Write an offer
          </a>
        ) : null}
      </header>
      {account.note ? <p>{account.note}</p> : null}
      <People view={view} />
      <section class="closer">
        <h2>Offers</h2>
        {offers.length > 0 ? <OfferTable rows={offers} seat={seat} /> : <p class="soft">None yet.</p>}
      </section>
      {mayWrite ? (
        <div class="acts-line">
          <details>
            <summary class="button">Change</summary>
            <form method="post" action={`${accountPath(account.id)}/edit`}>
              <Proof seat={seat} />
              <input type="hidden" name="version" value={account.version} />
              <Fields account={account} />
              <button class="button chief" type="submit">
                Save
              </button>
            </form>
          </details>
        </div>
      ) : null}
    </main>
  );
};

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
  const view = { seat, account, offers: offers.data, people: people?.data ?? [], entities: entities?.data ?? [] };
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
