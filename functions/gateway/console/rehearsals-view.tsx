/** Rehearsals as a list, and the form that begins another. */
import { styles, templateNames } from "#brain/world/index.ts";
import type { EntityChoice, RehearsalRow } from "./rehearsal-shapes.ts";
import { Ended, rehearsalPath, rehearsalsPath, styleWords, titleOf } from "./rehearsal-view.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { Listed } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { sentence } from "./words.ts";
import { WorldFrame } from "./world-view.tsx";

const Choice = ({ name, label, from, none }: { name: string; label: string; from: EntityChoice[]; none?: string }) => (
  <label class="field">
    <span class="label">{label}</span>
    <select name={name} required={!none}>
      <option value="">{none ?? "Choose"}</option>
      {from.map(({ id, name: called }) => (
        <option value={id}>{called}</option>
      ))}
    </select>
  </label>
);

export type RoomView = { seat: Seat; sessions: Listed<RehearsalRow>; entities: EntityChoice[] };

const Begin = ({ view }: { view: RoomView }) => (
  <form class="filter" method="post" action={rehearsalsPath}>
    <Proof seat={view.seat} />
    <Choice name="counterparty" label="With" from={view.entities} />
    <Choice name="self" label="“My” means" from={view.entities} none="Nobody in particular" />
    <label class="field">
      <span class="label">Manner</span>
      <select name="style">
        {styles.map((style) => (
          <option value={style} selected={style === "neutral"}>
            {styleWords[style]}
          </option>
        ))}
      </select>
    </label>
    <label class="field">
      <span class="label">About</span>
      <select name="template">
        <option value="">Anything</option>
        {templateNames.map((name) => (
          <option value={name}>{sentence(name)}</option>
        ))}
      </select>
    </label>
    <button class="button chief" type="submit">
      Begin
    </button>
  </form>
);

export const RehearsalsPage = ({ view }: { view: RoomView }) => (
  <WorldFrame
    shown={{
      path: rehearsalsPath,
      title: "Rehearsals",
      lead: "Practise a talk before you have it, in English or Danish. Only you see what is said here.",
    }}
  >
    {view.seat.permissions.includes("world:write") ? <Begin view={view} /> : null}
    {view.sessions.data.length === 0 ? (
      <div class="empty">
        <h2>Nothing rehearsed yet</h2>
        <p>
          Choose with whom you want to talk, and how tough that is. He knows only what he may know, and what you tell
          him here.
        </p>
      </div>
    ) : (
      <ul class="brief-list">
        {view.sessions.data.map((one) => (
          <li>
            <a href={rehearsalPath(one.id)} data-item>
              <span class="strong clip">{titleOf(one)}</span>
              <Ended at={one.ended_at} here={view.seat.here} />
              <Time at={one.created_at} here={view.seat.here} />
            </a>
          </li>
        ))}
      </ul>
    )}
    {view.sessions.more ? (
      <a class="more" href={view.sessions.more}>
        More
      </a>
    ) : null}
  </WorldFrame>
);
