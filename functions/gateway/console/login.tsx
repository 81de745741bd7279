/** The sign-in page; what went wrong stays on it, with the name that was typed. */
import type { Context } from "hono";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { onTo } from "./door.ts";
import { noteOf } from "./flash.ts";
import { Mark, Sign } from "./signs.tsx";

export type LoginView = { to: string; username?: string; error?: string; status?: number };

export async function answerLogin(c: Context<App>, view: LoginView): Promise<Response> {
  const note = await noteOf(c);
  const body = (
    <main class="alone">
      <div class="card">
        <header>
          <Mark size={32} />
          <h1>Sign in</h1>
          <p>Omneuro hears every customer message and answers with its evidence.</p>
        </header>
        {view.error ? (
          <p class="notice bad" role="alert">
            <Sign shape="warning" />
            {view.error}
          </p>
        ) : note ? (
          <p class="notice good" role="status">
            <Sign shape="done" />
            {note}
          </p>
        ) : null}
        <form method="post" action="/console/login" data-carry>
          <input type="hidden" name="to" value={view.to} />
          <div class="field">
            <label for="username">Username</label>
            <input
              id="username"
              name="username"
              value={view.username ?? ""}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              maxlength={64}
              required
              autofocus={!view.username}
            />
          </div>
          <div class="field">
            <label for="password">Password</label>
            <input
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              maxlength={128}
              required
              autofocus={Boolean(view.username)}
            />
          </div>
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
      </div>
    </main>
  );
  return answerPage(c, { title: "Sign in", body, ...(view.status ? { status: view.status } : {}) });
}
