/** Getting into a project: with somebody's invitation, or by making one. */
import type { Context } from "hono";
import { acceptInvitation, createProject, me } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { home, reader, readForm, seeOther, writer } from "./door.ts";
import { EntryCard, Field } from "./entry-card.tsx";
import { withNote } from "./flash.ts";
import { once } from "./once.ts";
import { sayFault } from "./trouble.tsx";

type View = { csrf: string; belongs: boolean; error?: string; status?: number };

/** A form sent twice from one page joins, or makes a project, once. */
const Proof = ({ csrf, mark }: { csrf: string; mark: string }) => (
  <>
    <input type="hidden" name="csrf" value={csrf} />
    <input type="hidden" name="once" value={mark} />
  </>
);

function answerJoin(c: Context<App>, view: View): Promise<Response> {
  const mark = c.get("runtime").ids.uuid();
  const body = (
    <EntryCard
      title="Join a project"
      text={view.belongs ? "You can belong to several." : "You are signed in, and belong to no project yet."}
      error={view.error}
    >
      <form method="post" action="/console/join">
        <Proof csrf={view.csrf} mark={mark} />
        <Field
          id="token"
          label="Invitation"
          rule="Paste the link you were given"
          autocomplete="off"
          spellcheck={false}
          maxlength={300}
          data-code
        />
        <button class="button chief" type="submit">
          Join
        </button>
      </form>
      <form method="post" action="/console/projects">
        <Proof csrf={view.csrf} mark={mark} />
        <Field
          id="name"
          label="Or make a project of your own"
          placeholder="Name of the business"
          autocomplete="organization"
          maxlength={200}
        />
        <button class="button" type="submit">
          Make it
        </button>
      </form>
      <form method="post" action="/console/logout">
        <input type="hidden" name="csrf" value={view.csrf} />
        <button class="button slight" type="submit">
          Sign out
        </button>
      </form>
    </EntryCard>
  );
  return answerPage(c, { title: "Join a project", body, ...(view.status ? { status: view.status } : {}) });
}

export async function joinPage(c: Context<App>): Promise<Response> {
  const found = await me.run(await reader(c), {});
  return answerJoin(c, { csrf: found.csrf_token ?? "", belongs: found.projects.length > 0 });
}

/** A refusal stays on the page that was filled in. */
async function again(c: Context<App>, csrf: string, thrown: unknown): Promise<Response> {
  const theirs = thrown instanceof Fault && ["not_found", "conflict", "invalid", "limited"].includes(thrown.kind);
  if (!theirs) throw thrown;
  const error = thrown.code === "invalid_input" ? "Something is missing or too long." : sayFault(thrown);
  return answerJoin(c, { csrf, belongs: true, error, status: statusOf(thrown.kind) });
}

export async function joinForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  // A whole link or only what follows the #.
  const token = (form.get("token") ?? "").trim().split("#").at(-1) ?? "";
  try {
    await once(ctx, { verb: acceptInvitation, input: { token }, form });
  } catch (thrown) {
    return again(c, form.get("csrf") ?? "", thrown);
  }
  return seeOther(c, await withNote(c, home, { code: "joined" }));
}

export async function createProjectForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  try {
    await once(await writer(c, form), { verb: createProject, input: { name: form.get("name") ?? "" }, form });
  } catch (thrown) {
    return again(c, form.get("csrf") ?? "", thrown);
  }
  return seeOther(c, await withNote(c, home, { code: "project_made" }));
}
