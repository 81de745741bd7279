/** What somebody knows, and what he holds for true, on his own page. */
import type { KnownView } from "./known-view.tsx";
import { entityPath } from "./world-words.ts";

const knowWords: Record<string, string> = {
  confirmed: "Knows",
  assumed: "Is assumed to know",
  false_belief: "Believes, wrongly",
};

/** Of others. Who can know something: a place cannot. */
export const KnowsOfOthers = ({ view }: { view: KnownView }) => {
  const { id, type, name } = view.entity;
  const knows = view.knows.filter(({ subject }) => subject !== id);
  return type !== "Person" && type !== "Company" ? null : (
    <section>
      <h2>What {name} knows of others</h2>
      {knows.length === 0 ? <p class="soft">Nothing of what is written down.</p> : null}
      <ul class="points">
        {knows.map((fact) => (
          <li>
            <span>
              <span class="faint small">{knowWords[fact.status] ?? fact.status}</span>{" "}
              <a class="link" href={`${entityPath(fact.subject)}#${fact.id}`}>
                {fact.statement}
              </a>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};
