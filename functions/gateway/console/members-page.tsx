/** The people of a project and the invitations that are out. */
import { roles } from "#brain/identity/index.ts";
import type { Seat } from "./seat.ts";
import { AskedAgain, Proof } from "./secret-shown.tsx";
import type { Invitation, Listed, Member } from "./shapes.ts";
import { type Shape, Sign, State, Time, type Tone } from "./signs.tsx";
import { ago, sentence, shortTime } from "./words.ts";

export type MembersView = {
  seat: Seat;
  members: Listed<Member>;
  invitations: Listed<Invitation>;
  /** Accounts that hear a coach and say who knows what. */
  premium: ReadonlySet<string>;
  mayChange: boolean;
  /** Shown once, right after it was made. */
  link?: string;
};

const RoleChoice = ({ chosen }: { chosen: string }) => (
  <select name="role" aria-label="Role">
    {roles.map((role) => (
      <option value={role} selected={role === chosen}>
        {sentence(role)}
      </option>
    ))}
  </select>
);

/** One button that is a form. */
const Act = ({ seat, path, word }: { seat: Seat; path: string; word: string }) => (
  <form method="post" action={path}>
    <input type="hidden" name="csrf" value={seat.csrf} />
    <button class="button slight" type="submit">
      {word}
    </button>
  </form>
);

const Tier = ({ row, view }: { row: Member; view: MembersView }) => {
  const is = view.premium.has(row.user) ? "premium" : "standard";
  return view.mayChange ? (
    <form class="inline" method="post" action={`/console/members/${encodeURIComponent(row.user)}/tier`}>
      <Proof seat={view.seat} />
      <select name="tier" aria-label="Tier">
        {["standard", "premium"].map((tier) => (
          <option value={tier} selected={tier === is}>
            {sentence(`${tier} tier`)}
          </option>
        ))}
      </select>
      <button class="button slight" type="submit">
        Change
      </button>
    </form>
  ) : (
    sentence(is)
  );
};

const MemberRow = ({ row, view }: { row: Member; view: MembersView }) => {
  const { seat, mayChange } = view;
  const path = `/console/members/${encodeURIComponent(row.id)}`;
  return (
    <tr class="row">
      <td class="strong">
        {row.name ?? "Somebody"}
        {row.is_me ? (
          <>
            {" "}
            <span class="tag">you</span>
          </>
        ) : null}
      </td>
      <td class="whole">
        {mayChange ? (
          <form class="inline" method="post" action={`${path}/role`}>
            <input type="hidden" name="csrf" value={seat.csrf} />
            <RoleChoice chosen={row.role} />
            <button class="button slight" type="submit">
              Change
            </button>
          </form>
        ) : (
          sentence(row.role)
        )}
      </td>
      <td class="whole">
        <Tier row={row} view={view} />
      </td>
      <td>
        <State tone={row.disabled_at ? "bad" : "good"} shape={row.disabled_at ? "lock" : "done"}>
          {row.disabled_at ? "Shut out" : "Active"}
        </State>
      </td>
      <td class="brief late">
        <Time at={row.joined_at} here={seat.here}>
          {shortTime(row.joined_at, seat.here)}
        </Time>
      </td>
      <td class="whole">
        {mayChange ? (
          <div class="actions">
            {row.is_me ? null : (
              <Act
                seat={seat}
                path={`${path}/${row.disabled_at ? "enable" : "disable"}`}
                word={row.disabled_at ? "Let in" : "Shut out"}
              />
            )}
            <Act seat={seat} path={`${path}/end`} word={row.is_me ? "Leave" : "Remove"} />
          </div>
        ) : null}
      </td>
    </tr>
  );
};

const states: Record<Invitation["status"], { tone: Tone; shape: Shape }> = {
  open: { tone: "busy", shape: "dot" },
  accepted: { tone: "good", shape: "done" },
  revoked: { tone: "plain", shape: "ring" },
  expired: { tone: "plain", shape: "clock" },
};

const InvitationRow = ({ row, view }: { row: Invitation; view: MembersView }) => (
  <tr class="row">
    <td class="strong">{sentence(row.role)}</td>
    <td class="whole">{row.email ?? <span class="faint">whoever has the link</span>}</td>
    <td>
      <State {...states[row.status]}>{sentence(row.status)}</State>
    </td>
    <td class="brief">
      <Time at={row.expires_at} here={view.seat.here}>
        {row.status === "open"
          ? `ends ${ago(row.expires_at, view.seat.here)}`
          : shortTime(row.created_at, view.seat.here)}
      </Time>
    </td>
    <td class="late">
      {view.mayChange && row.status === "open" ? (
        <Act seat={view.seat} path={`/console/invitations/${encodeURIComponent(row.id)}/revoke`} word="Take back" />
      ) : null}
    </td>
  </tr>
);

const Invite = ({ seat }: { seat: Seat }) => (
  <form class="filter" method="post" action="/console/members/invite">
    <input type="hidden" name="csrf" value={seat.csrf} />
    <div class="field">
      <span class="label">Role</span>
      <RoleChoice chosen="technician" />
    </div>
    <label class="field">
      <span class="label">For (a note)</span>
      <input name="email" type="email" placeholder="name@example.com" maxlength={254} />
    </label>
    <button class="button chief" type="submit">
      Make a link
    </button>
  </form>
);

const Head = ({ names }: { names: string[] }) => (
  <thead>
    <tr>
      {names.map((name) => (
        <th scope="col">{name}</th>
      ))}
    </tr>
  </thead>
);

const More = ({ at, word }: { at: string | null; word: string }) =>
  at ? (
    <a class="more" href={at}>
      {word}
    </a>
  ) : null;

export const MembersPage = ({ view }: { view: MembersView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Members</h1>
        <p>Who may work in {view.seat.project.name}, and as what</p>
      </div>
      {view.mayChange ? <Invite seat={view.seat} /> : null}
    </header>
    <AskedAgain seat={view.seat} place="/console/members" />
    {view.link ? (
      <div class="notice good" role="status">
        <Sign shape="done" />
        <div>
          <p>Give this link to one person. It is shown only now:</p>
          <p class="mono">{view.link}</p>
        </div>
      </div>
    ) : null}
    <table class="table">
      <Head names={["Name", "Role", "Tier", "State", "Joined", ""]} />
      <tbody>
        {view.members.data.map((row) => (
          <MemberRow row={row} view={view} />
        ))}
      </tbody>
    </table>
    <More at={view.members.more} word="Earlier members" />
    {view.invitations.data.length > 0 ? (
      <section>
        <div class="page-head">
          <h2>Invitations</h2>
        </div>
        <table class="table">
          <Head names={["Role", "For", "State", "When", ""]} />
          <tbody>
            {view.invitations.data.map((row) => (
              <InvitationRow row={row} view={view} />
            ))}
          </tbody>
        </table>
        <More at={view.invitations.more} word="Earlier invitations" />
      </section>
    ) : null}
  </main>
);
