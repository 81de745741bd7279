/** What we know of one entity, how we know it and who knows it; at any moment, and as we knew it at any other. */

import type { Complained } from "./known-forms.tsx";
import { ActsOn, AddFact, CloseRelation, Merge, Merged, Relate } from "./known-forms.tsx";
import { KnowsOfOthers } from "./knows-view.tsx";
import { accountPath } from "./offer-words.ts";
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { Behind, EntityKnown, EntityRow, KnownFact } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { ago, dateTime, type Here } from "./words.ts";
import { Moments } from "./world-moments.tsx";
import { WorldFrame } from "./world-view.tsx";
import {
  attributeWords,
  entityPath,
  knowingWords,
  relationWords,
  sourceWords,
  spanWords,
  valueWords,
  visibilityWords,
  worldPath,
} from "./world-words.ts";

export type KnownView = {
  seat: Seat;
  entity: EntityKnown;
  behind: Behind;
  /** Whom one may relate it to. */
  others: EntityRow[];
  /** Who may know it. */
  knowers: { id: string; name: string }[];
  /** What it knows itself, the newest of it. */
  knows: KnownFact[];
  times: { as_of: string | undefined; known_at: string | undefined };
  wrong: Complained | undefined;
};

type Edge = Behind["knowers"][number];

/** What an edge says, in words: `Sara Lind is assumed to know it`. */
const Knows = ({ edge, unit, here }: { edge: Edge; unit: string | null; here: Here }) => {
  const { tone, shape, word } = knowingWords[edge.status];
  const why = edge.set_by_user
    ? "said by a colleague"
    : edge.seeded_from
      ? "by how they are related"
      : edge.source === "user_told"
        ? "was told"
        : edge.source.replace("_", " ");
  return (
    <li>
      <State tone={tone} shape={shape}>
        {edge.name ?? edge.knower} {word}
        {edge.status === "false_belief" ? `: ${valueWords(edge.believed_value, unit)}` : ""}
      </State>
      <span class="faint small">
        {why},{" "}
        <Time at={edge.recorded_at} here={here}>
          {ago(edge.recorded_at, here)}
        </Time>
      </span>
    </li>
  );
};

const Ground = ({ fact, here }: { fact: KnownFact; here: Here }) => (
  <p class="facts-line small soft">
    <span>{spanWords(fact.valid_from, fact.valid_to, here)}</span>
    <span>
      {sourceWords[fact.source.type]}: {fact.source.ref}
    </span>
    {fact.source.evidence ? (
      <a class="link" href={`/console/evidence/${encodeURIComponent(fact.source.evidence.id)}`}>
        What was said
      </a>
    ) : null}
    {fact.confidence < 1 ? <span>{Math.round(fact.confidence * 100)}% sure</span> : null}
    <span>{visibilityWords[fact.visibility]}</span>
    {fact.stale ? (
      <State tone="wait" shape="warning">
        What it rests on has changed
      </State>
    ) : null}
  </p>
);

const Fact = ({ fact, view, torn }: { fact: KnownFact; view: KnownView; torn: "torn" | "agreed" }) => {
  const { here } = view.seat;
  const edges = view.behind.knowers.filter((edge) => edge.fact === fact.id);
  return (
    <article class="known" id={fact.id}>
      <p class="strong">{valueWords(fact.value, fact.unit)}</p>
      <Ground fact={fact} here={here} />
      <ul class="knowing">
        {edges.map((edge) => (
          <Knows edge={edge} unit={fact.unit} here={here} />
        ))}
        {edges.length === 0 && fact.visibility !== "public" ? (
          <li class="small faint">As far as we know, only staff know it.</li>
        ) : null}
      </ul>
      <ActsOn fact={fact} view={view} torn={torn} />
    </article>
  );
};

const History = ({ name, view }: { name: string; view: KnownView }) => {
  const rows = view.behind.recorded.filter(({ attribute }) => attribute === name);
  const { here } = view.seat;
  return (
    <details class="why small">
      <summary>All that was written down</summary>
      <ol class="history">
        {rows.map((row) => (
          <li>
            <b>{valueWords(row.value, row.unit)}</b> {spanWords(row.valid_from, row.valid_to, here)}
            <span class="faint">
              {" "}
              written down {dateTime(row.recorded_at, here)}
              {row.superseded_at ? `, held for true until ${dateTime(row.superseded_at, here)}` : ""}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
};

const Attributes = ({ view }: { view: KnownView }) => (
  <>
    {view.entity.attributes.map(({ attribute, conflict, facts }) => (
      <section class="attribute" id={attribute}>
        <h2>
          {attributeWords(attribute)}
          {conflict ? (
            <State tone="bad" shape="warning">
              Sources disagree
            </State>
          ) : null}
        </h2>
        <div class="beside-each-other">
          {facts.map((fact) => (
            <Fact fact={fact} view={view} torn={conflict ? "torn" : "agreed"} />
          ))}
        </div>
        <History name={attribute} view={view} />
      </section>
    ))}
    {view.entity.attributes.length > 0 ? null : view.times.as_of || view.times.known_at ? (
      <p class="soft">Nothing is known of it at that moment.</p>
    ) : (
      <p class="soft">
        Nothing is written down yet. Write a fact down, or keep one that was read out of messages under{" "}
        <a class="link" href={`${worldPath}/proposals`}>
          Review
        </a>
        .
      </p>
    )}
  </>
);

/** What no fact at this moment is of, but was once written down. */
const Former = ({ view }: { view: KnownView }) => {
  const shown = new Set(view.entity.attributes.map(({ attribute }) => attribute));
  const names = [...new Set(view.behind.recorded.map(({ attribute }) => attribute))].filter((name) => !shown.has(name));
  return names.length === 0 ? null : (
    <section>
      <h2>At other moments</h2>
      {names.map((name) => (
        <div class="attribute">
          <h3>{attributeWords(name)}</h3>
          <History name={name} view={view} />
        </div>
      ))}
    </section>
  );
};

const Related = ({ view }: { view: KnownView }) => (
  <section>
    <h2>How it stands to others</h2>
    <ul class="points">
      {view.entity.relationships.map((each) => (
        <li>
          <span>
            {each.direction === "out" ? `${relationWords(each.type)} ` : ""}
            <a class="link" href={entityPath(each.other.id)}>
              {each.other.name}
            </a>
            {each.direction === "in" ? ` ${relationWords(each.type)} ${view.entity.name ?? "it"}` : ""}
          </span>
          <CloseRelation id={each.id} view={view} />
        </li>
      ))}
    </ul>
    {view.entity.relationships.length === 0 ? <p class="soft">To nobody, as far as we know.</p> : null}
    <Relate view={view} />
  </section>
);

export const KnownPage = ({ view }: { view: KnownView }) => {
  const { entity } = view;
  return (
    <WorldFrame
      shown={{
        path: "",
        title: entity.name ?? "Somebody",
        lead: (
          <>
            {entity.type}
            {entity.contact ? (
              <>
                {" · "}
                <a class="link" href={personPath(entity.contact)}>
                  the record of this person
                </a>
              </>
            ) : null}
            {entity.firm ? (
              <>
                {" · "}
                <a class="link" href={accountPath(entity.firm)}>
                  its account
                </a>
              </>
            ) : null}
          </>
        ),
      }}
    >
      <Merged view={view} />
      <Moments view={view} />
      <AddFact view={view} />
      <Attributes view={view} />
      <Former view={view} />
      <KnowsOfOthers view={view} />
      <Related view={view} />
      <Merge view={view} />
      {entity.stands_for.map(({ id, name }) => (
        <p class="small soft">
          It stands for <a href={entityPath(id)}>{name}</a> too.
        </p>
      ))}
    </WorldFrame>
  );
};
