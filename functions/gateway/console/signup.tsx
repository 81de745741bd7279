/** The two pages of signing up: a name and a password, then the PIN that the owner passes on. */
import type { Context } from "hono";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { onTo } from "./door.ts";
import { EntryCard, Field, NewPasswordField, UsernameField } from "./entry-card.tsx";

export type SignupView = { to: string; username?: string; error?: string; status?: number };
export type PinView = { to: string; request: string; error?: string; status?: number };

export function answerSignup(c: Context<App>, view: SignupView): Promise<Response> {
  const body = (
    <EntryCard title="Sign up" text="The owner receives a PIN for you and passes it on." error={view.error}>
      <form method="post" action="/console/signup" data-carry>
        <input type="hidden" name="to" value={view.to} />
        <UsernameField value={view.username} isNew />
        <NewPasswordField />
        <button class="button chief" type="submit">
          Send the PIN
        </button>
      </form>
      <p class="small soft">
        You have a login?{" "}
        <a class="link" href={onTo("/console/login", view.to)} data-carry>
          Sign in
        </a>
      </p>
    </EntryCard>
  );
  return answerPage(c, { title: "Sign up", body, ...(view.status ? { status: view.status } : {}) });
}

export function answerPin(c: Context<App>, view: PinView): Promise<Response> {
  const body = (
    <EntryCard
      title="Enter the PIN"
      text="It went to the owner's Telegram and is good for ten minutes."
      error={view.error}
    >
      <form method="post" action="/console/signup/confirm" data-carry>
        <input type="hidden" name="to" value={view.to} />
        <input type="hidden" name="signup_request_id" value={view.request} />
        <Field
          id="pin"
          label="PIN"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9]{6}"
          maxlength={6}
          autofocus
        />
        <button class="button chief" type="submit">
          Sign up
        </button>
      </form>
      <p class="small soft">
        No PIN?{" "}
        <a class="link" href={onTo("/console/signup", view.to)} data-carry>
          Ask for another
        </a>
      </p>
    </EntryCard>
  );
  return answerPage(c, { title: "Enter the PIN", body, ...(view.status ? { status: view.status } : {}) });
}
