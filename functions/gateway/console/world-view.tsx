/** Who and what there is: the list, where sources disagree, and a form for another one. */
import type { Child } from "hono/jsx";
import { entityTypes } from "#brain/world/index.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { ConflictRow, EntityRow, Listed } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { ago } from "./words.ts";
import { attributeWords, entityPath, valueWords, worldPath } from "./world-words.ts";

const tabs = [
  { path: "/console/people", name: "People" },
  { path: "/console/accounts", name: "Accounts" },
  { path: "/console/offers", name: "Offers" },
  { path: worldPath, name: "What we know" },
  { path: `${worldPath}/graph`, name: "Picture" },
  { path: `${worldPath}/proposals`, name: "Review" },
  { path: "/console/rehearse", name: "Rehearsals" },
] as const;

export const WorldTabs = ({ current }: { current: string }) => (
  <nav class="tabs" aria-label="People and what we know">
    {tabs.map(({ path, name }) => (
      <a href={path} {...(path === current ? { "aria-current": "page" } : {})}>
        {name}
      </a>
    ))}
  </nav>
);

type Shown = { path: string; title: string; lead: Child; aside?: Child };

/** A page of the world. */
export const WorldFrame = ({ shown, children }: { shown: Shown; children?: Child }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <WorldTabs current={shown.path} />
        <h1>{shown.title}</h1>
        <p>{shown.lead}</p>
      </div>
      {shown.aside}
    </header>
    {children}
  </main>
);

export const KindChoice = ({ chosen, any }: { chosen?: string | undefined; any?: string }) => (
  <label class="field">
    <span class="label">Kind</span>
    <select name="type">
      {any ? <option value="">{any}</option> : null}
      {entityTypes.map((kind) => (
        <option value={kind} selected={kind === chosen}>
          {kind === "Custom" ? "Something else" : kind}
        </option>
      ))}
    </select>
  </label>
);

export const Conflicts = ({ rows }: { rows: ConflictRow[] }) => (
  <section>
    <h2>Sources disagree</h2>
    <ul class="brief-list">
      {rows.map((row) => (
        <li>
          <a href={`${entityPath(row.subject.id)}#${row.attribute}`} data-item>
            <State tone="bad" shape="warning">
              {row.subject.name}: {attributeWords(row.attribute).toLowerCase()}
            </State>
            <span class="clip">{row.facts.map(({ value, unit }) => valueWords(value, unit)).join(" or ")}</span>
          </a>
        </li>
      ))}
    </ul>
  </section>
);

export type WorldView = {
  seat: Seat;
  q: string;
  type: string | undefined;
  /** A person's record that nothing is known of yet. */
  contact: string | undefined;
  entities: Listed<EntityRow>;
  conflicts: ConflictRow[];
};

const Make = ({ view }: { view: WorldView }) => (
  <details open={view.contact !== undefined}>
    <summary class="button">Enter another</summary>
    <form class="filter" method="post" action={worldPath}>
      <Proof seat={view.seat} />
      {view.contact ? (
        <>
          <input type="hidden" name="contact" value={view.contact} />
          <input type="hidden" name="type" value="Person" />
          <p>Nothing is written down of this person yet.</p>
        </>
      ) : (
        <>
          <KindChoice />
          <label class="field">
            <span class="label">Name</span>
            <input name="name" maxlength={300} autocomplete="off" required />
          </label>
        </>
      )}
      <button class="button chief" type="submit">
        {view.contact ? "Begin" : "Enter"}
      </button>
    </form>
  </details>
);

const Find = ({ view }: { view: WorldView }) => (
  <form class="filter" method="get" action={worldPath}>
    <KindChoice chosen={view.type} any="All" />
    <label class="field">
      <span class="label">Name begins with</span>
      <input type="search" name="q" value={view.q} maxlength={100} autocomplete="off" />
    </label>
    <button class="button" type="submit">
      Find
    </button>
  </form>
);

export const WorldPage = ({ view }: { view: WorldView }) => (
  <WorldFrame
    shown={{
      path: worldPath,
      title: "What we know",
      lead: "People, firms, places and prices: what is true of them, and who knows it.",
      aside: <Find view={view} />,
    }}
  >
    {view.seat.permissions.includes("world:write") ? <Make view={view} /> : null}
    {view.conflicts.length > 0 ? <Conflicts rows={view.conflicts} /> : null}
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Changed</th>
        </tr>
      </thead>
      <tbody>
        {view.entities.data.map((row) => (
          <tr class="row">
            <td class="strong">
              <a class="link" href={entityPath(row.id)} data-item>
                {row.name}
              </a>
            </td>
            <td class="soft brief whole">{row.type}</td>
            <td class="late brief">
              <Time at={row.updated_at} here={view.seat.here}>
                {ago(row.updated_at, view.seat.here)}
              </Time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    {view.entities.data.length === 0 ? (
      <p class="soft">Nothing of that kind yet: enter it, or choose another.</p>
    ) : null}
    {view.entities.more ? (
      <a class="more" href={view.entities.more}>
        More
      </a>
    ) : null}
  </WorldFrame>
);
