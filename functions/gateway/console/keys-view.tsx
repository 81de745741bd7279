/** The page of API keys. */
import type { Seat } from "./seat.ts";
import { AskedAgain, Proof, SecretShown } from "./secret-shown.tsx";
import type { ApiKeyRow, Listed } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { ago, dateTime } from "./words.ts";

type View = { seat: Seat; keys: Listed<ApiKeyRow>; made?: { key: string } };

const KeyState = ({ row, seat }: { row: ApiKeyRow; seat: Seat }) => {
  const hasEnded = row.expires_at !== null && Date.parse(row.expires_at) <= seat.here.now.getTime();
  if (row.revoked_at)
    return (
      <State tone="bad" shape="warning">
        Revoked
      </State>
    );
  if (hasEnded)
    return (
      <State tone="plain" shape="ring">
        Expired
      </State>
    );
  if (row.replaced_by)
    return (
      <State tone="wait" shape="clock">
        Replaced, works until then
      </State>
    );
  return (
    <State tone="good" shape="done">
      Works
    </State>
  );
};

const mayEnd = (row: ApiKeyRow, seat: Seat) =>
  seat.permissions.includes("identity:write") &&
  !row.revoked_at &&
  !(row.expires_at && Date.parse(row.expires_at) <= seat.here.now.getTime());

const Acts = ({ row, seat }: { row: ApiKeyRow; seat: Seat }) => (
  <div class="actions">
    {row.replaced_by ? null : (
      <form method="post" action={`/console/keys/${row.id}/rotate`}>
        <Proof seat={seat} />
        <button class="button" type="submit" name="overlap" value="day" aria-label={`Rotate ${row.name}`}>
          Rotate
        </button>
      </form>
    )}
    <form method="post" action={`/console/keys/${row.id}/revoke`}>
      <Proof seat={seat} />
      <button class="button" type="submit" aria-label={`Revoke ${row.name}`}>
        Revoke
      </button>
    </form>
  </div>
);

const Row = ({ row, seat }: { row: ApiKeyRow; seat: Seat }) => (
  <tr class="row">
    <td class="strong">{row.name}</td>
    <td>
      <KeyState row={row} seat={seat} />
    </td>
    <td class="whole small soft">{row.permissions.join(", ")}</td>
    <td class="brief">
      {row.last_used_at ? (
        <Time at={row.last_used_at} here={seat.here}>
          {ago(row.last_used_at, seat.here)}
        </Time>
      ) : (
        "Never"
      )}
    </td>
    <td class="brief">
      {row.expires_at ? (
        <Time at={row.expires_at} here={seat.here}>
          {dateTime(row.expires_at, seat.here)}
        </Time>
      ) : (
        "–"
      )}
    </td>
    <td class="brief">{row.rate_limit ? `${row.rate_limit} a minute` : "–"}</td>
    <td>{mayEnd(row, seat) ? <Acts row={row} seat={seat} /> : null}</td>
  </tr>
);

const heads = ["Name", "State", "May", "Last used", "Ends", "Limit", ""];

const Create = ({ seat }: { seat: Seat }) => (
  <section class="card wide">
    <h2>New key</h2>
    <form method="post" action="/console/keys">
      <Proof seat={seat} />
      <label class="field">
        <span class="label">Name</span>
        <input name="name" maxlength={100} required autocomplete="off" placeholder="Van tablet" />
      </label>
      <fieldset class="choice">
        <legend>May</legend>
        {seat.permissions.map((permission) => (
          <label>
            <input type="checkbox" name={`may ${permission}`} />
            {permission}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span class="label">Ends</span>
        <select name="days">
          <option value="0">Never</option>
          <option value="30">In 30 days</option>
          <option value="90" selected>
            In 90 days
          </option>
          <option value="365">In a year</option>
        </select>
      </label>
      <label class="field">
        <span class="label">Requests a minute, if fewer than 600</span>
        <input name="rate_limit" type="number" min={1} max={600} inputmode="numeric" />
      </label>
      <button class="button" type="submit">
        Make the key
      </button>
    </form>
  </section>
);

export const KeysView = ({ seat, keys, made }: View) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>API keys</h1>
        <p>For phones and machines. A rotated key works on for a day beside the new one.</p>
      </div>
    </header>
    <AskedAgain seat={seat} place="/console/keys" />
    {made ? <SecretShown label="Copy the new key now." secret={made.key} /> : null}
    <table class="table">
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col">{head || <span class="unseen">Change</span>}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keys.data.map((row) => (
          <Row row={row} seat={seat} />
        ))}
      </tbody>
    </table>
    {keys.more ? (
      <a class="more" href={keys.more}>
        Older keys
      </a>
    ) : null}
    {seat.permissions.includes("identity:write") ? <Create seat={seat} /> : null}
  </main>
);
