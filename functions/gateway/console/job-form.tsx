/** A new job, from the person it is for. */
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { Complaints } from "./sender-form.tsx";
import type { Contact, FieldMessage, TechRow } from "./shapes.ts";
import { personName } from "./shapes.ts";

export type NewJob = {
  seat: Seat;
  person: Contact;
  techs: TechRow[];
  message: FieldMessage | null;
  typed: Record<string, string>;
  said?: string[];
};

export const NewJobPage = ({ view }: { view: NewJob }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <p class="small">
          <a class="link" href="/console/jobs">
            Jobs
          </a>
        </p>
        <h1>New job for {personName(view.person.name)}</h1>
        {view.message ? <p class="snippet">“{view.message.text}”</p> : null}
      </div>
    </header>
    <form class="job-form" method="post" action="/console/jobs">
      <Complaints said={view.said} />
      <Proof seat={view.seat} />
      <input type="hidden" name="client" value={view.person.id} />
      {view.message ? <input type="hidden" name="message" value={view.message.id} /> : null}
      <label class="field whole">
        <span class="label">What is to be done</span>
        <input name="title" value={view.typed["title"] ?? ""} maxlength={200} autocomplete="off" required autofocus />
      </label>
      <label class="field">
        <span class="label">How</span>
        <select name="job_kind">
          <option value="visit">We go there</option>
          <option value="drop_off" selected={view.typed["job_kind"] === "drop_off"}>
            It is brought to us
          </option>
        </select>
      </label>
      <label class="field">
        <span class="label">Where</span>
        <input name="location" value={view.typed["location"] ?? ""} maxlength={500} autocomplete="off" />
      </label>
      <label class="field">
        <span class="label">Who</span>
        <select name="tech">
          <option value="">Nobody yet</option>
          {view.techs.map((tech) => (
            <option value={tech.id} selected={view.typed["tech"] === tech.id}>
              {tech.name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="label">Minutes, if you can tell</span>
        <input name="minutes" type="number" min={5} max={1440} value={view.typed["minutes"] ?? ""} />
      </label>
      <label class="field whole">
        <span class="label">For the house only</span>
        <textarea name="notes" rows={4} maxlength={20000}>
          {view.typed["notes"] ?? ""}
        </textarea>
      </label>
      <button class="button chief" type="submit">
        Take it in
      </button>
    </form>
  </main>
);
