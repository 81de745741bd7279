/** The two pages of signing up: a name and a password, then the PIN that the owner passes on. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { onTo } from "./door.ts";
import { Mark, Sign } from "./signs.tsx";

export type SignupView = { to: string; username?: string; error?: string; status?: number };
export type PinView = { to: string; request: string; error?: string; status?: number };

const Card = ({
  title,
  text,
  error,
  children,
}: {
  title: string;
  text: string;
  error?: string | undefined;
  children?: Child;
}) => (
  <main class="alone">
    <div class="card">
      <header>
        <Mark size={32} />
        <h1>{title}</h1>
        <p>{text}</p>
      </header>
      {error ? (
        <p class="notice bad" role="alert">
          <Sign shape="warning" />
          {error}
        </p>
      ) : null}
      {children}
    </div>
  </main>
);

export function answerSignup(c: Context<App>, view: SignupView): Promise<Response> {
  const body = (
    <Card title="Sign up" text="The owner receives a PIN for you and passes it on." error={view.error}>
      <form method="post" action="/console/signup" data-carry>
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
            minlength={3}
            maxlength={32}
            pattern="[a-z0-9._\-]{3,32}"
            aria-describedby="username-rule"
            required
            autofocus
          />
          <p class="small faint" id="username-rule">
            3 to 32 of a–z, 0–9, dot, dash, underscore
          </p>
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="new-password"
            minlength={8}
            maxlength={128}
            aria-describedby="password-rule"
            required
          />
          <p class="small faint" id="password-rule">
            At least 8 characters; a few words in a row are fine
          </p>
        </div>
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
    </Card>
  );
  return answerPage(c, { title: "Sign up", body, ...(view.status ? { status: view.status } : {}) });
}

export function answerPin(c: Context<App>, view: PinView): Promise<Response> {
  const body = (
    <Card title="Enter the PIN" text="It went to the owner's Telegram and is good for ten minutes." error={view.error}>
      <form method="post" action="/console/signup/confirm" data-carry>
        <input type="hidden" name="to" value={view.to} />
        <input type="hidden" name="signup_request_id" value={view.request} />
        <div class="field">
          <label for="pin">PIN</label>
          <input
            id="pin"
            name="pin"
            inputmode="numeric"
            autocomplete="one-time-code"
            pattern="[0-9]{6}"
            maxlength={6}
            required
            autofocus
          />
        </div>
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
    </Card>
  );
  return answerPage(c, { title: "Enter the PIN", body, ...(view.status ? { status: view.status } : {}) });
}
