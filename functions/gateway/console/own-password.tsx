/** The two pages about one's own password: it is asked for before a critical act, or changed. */
import type { Context } from "hono";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { EntryCard, NewPasswordField, PasswordField } from "./entry-card.tsx";
import { noteOf } from "./flash.ts";

export type OwnView = { username: string; csrf: string; error?: string; status?: number };

/** A password manager finds out by it whose password this is. */
const Whose = ({ view }: { view: OwnView }) => (
  <>
    <input type="hidden" name="csrf" value={view.csrf} />
    <input class="unseen" type="text" value={view.username} autocomplete="username" tabindex={-1} readonly />
  </>
);

const Back = ({ to }: { to: string }) => (
  <p class="small soft">
    <a class="link" href={to}>
      Back, and change nothing
    </a>
  </p>
);

export function answerConfirm(c: Context<App>, view: OwnView & { to: string }): Promise<Response> {
  const body = (
    <EntryCard
      title="Is it still you?"
      text={`What you want to do now is for ${view.username} alone. Give your password again; it counts for half an hour.`}
      error={view.error}
    >
      <form method="post" action="/console/confirm">
        <Whose view={view} />
        <input type="hidden" name="to" value={view.to} />
        <PasswordField focus />
        <button class="button chief" type="submit">
          Go on
        </button>
      </form>
      <Back to={view.to} />
    </EntryCard>
  );
  return answerPage(c, { title: "Is it still you?", body, ...(view.status ? { status: view.status } : {}) });
}

export async function answerPassword(c: Context<App>, view: OwnView): Promise<Response> {
  const body = (
    <EntryCard
      title="Change your password"
      text="You stay signed in here, and are signed out everywhere else."
      error={view.error}
      note={await noteOf(c)}
    >
      <form method="post" action="/console/password">
        <Whose view={view} />
        <PasswordField id="current_password" label="The one you have" focus />
        <NewPasswordField id="new_password" label="The new one" />
        <button class="button chief" type="submit">
          Change it
        </button>
      </form>
      <Back to="/console" />
    </EntryCard>
  );
  return answerPage(c, { title: "Change your password", body, ...(view.status ? { status: view.status } : {}) });
}
