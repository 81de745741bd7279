/** Accounts as a list, and one with its people and offers. */
import { accountPath, accountsPath, offersPath } from "./offer-words.ts";
import { OfferTable } from "./offers-view.tsx";
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { AccountSeen, Contact, EntityRow, Listed, OfferSeen } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { WorldTabs } from "./world-view.tsx";
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

export const Accounts = ({
  view: { seat, accounts, q },
}: {
  view: { seat: Seat; accounts: Listed<AccountSeen>; q: string };
}) => (
  <main class="page">
    <header class="page-head">
      <div>
        <WorldTabs current={accountsPath} />
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

export type AccountView = {
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

export const Account = ({ view }: { view: AccountView }) => {
  const { seat, account, offers, entities } = view;
  const mayWrite = seat.permissions.includes("crm:write");
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <WorldTabs current="" />
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
