/** The sign-in page; what went wrong stays on it, with the name that was typed. */
import type { Context } from "hono";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { onTo } from "./door.ts";
import { EntryCard, PasswordField, UsernameField } from "./entry-card.tsx";
import { noteOf } from "./flash.ts";

export type LoginView = { to: string; username?: string; error?: string; status?: number };

export async function answerLogin(c: Context<App>, view: LoginView): Promise<Response> {
  const body = (
    <EntryCard
      title="Sign in"
      text="Omneuro hears every customer message and answers with its evidence."
      error={view.error}
      note={await noteOf(c)}
    >
      <form method="post" action="/console/login" data-carry>
        <input type="hidden" name="to" value={view.to} />
        <UsernameField value={view.username} />
        <PasswordField focus={Boolean(view.username)} />
        <button class="button chief" type="submit">
          Sign in
        </button>
      </form>
      <p class="small soft">
        New here?{" "}
        <a class="link" href={onTo("/console/signup", view.to)} data-carry>
          Sign up
        </a>
      </p>
    </EntryCard>
  );
  return answerPage(c, { title: "Sign in", body, ...(view.status ? { status: view.status } : {}) });
}
