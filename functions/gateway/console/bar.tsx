/** The bar on top: the project, what memory is doing, a question from anywhere, who is signed in. */
import type { Seat } from "./seat.ts";
import type { MemoryStatus } from "./shapes.ts";
import { Mark, Sign, State } from "./signs.tsx";
import { initials, number } from "./words.ts";

/** What memory is doing, in a word; while messages stream in it counts along. */
export const MemoryState = ({ memory }: { memory: MemoryStatus }) => {
  const { ready, pending, processing, failed } = memory;
  const all = ready + pending + processing + failed;
  const waiting = pending + processing;
  const about = memory.exact ? "" : "≈ ";
  return (
    <a class="memory" href="/console/memory" data-part="memory">
      {waiting > 0 ? (
        <State tone="busy" shape="half">
          {about}
          {number(ready)} of {number(all)}
          <span class="rest"> remembered</span>
        </State>
      ) : failed > 0 ? (
        <State tone="bad" shape="warning">
          {number(failed)} failed
        </State>
      ) : memory.canaries_failing > 0 ? (
        <State tone="bad" shape="warning">
          {number(memory.canaries_failing)} answered wrong
        </State>
      ) : (
        <State tone={all === 0 ? "plain" : "good"} shape={all === 0 ? "ring" : "done"}>
          {all === 0 ? "Nothing yet" : `${about}${number(all)}`}
          {all === 0 ? null : <span class="rest"> remembered</span>}
        </State>
      )}
    </a>
  );
};

export const ProjectName = ({ seat }: { seat: Seat }) =>
  seat.projects.length < 2 ? (
    <a class="home" href="/console">
      <Mark />
      <span class="clip">{seat.project.name}</span>
    </a>
  ) : (
    <details class="menu start">
      <summary class="home">
        <Mark />
        <span class="clip">{seat.project.name}</span>
        <Sign shape="down" />
      </summary>
      <div>
        <p class="small faint">Work in another project</p>
        <form method="post" action="/console/project">
          <input type="hidden" name="csrf" value={seat.csrf} />
          {seat.projects
            .filter((project) => project.id !== seat.project.id)
            .map((project) => (
              <button type="submit" name="project" value={project.id}>
                {project.name}
              </button>
            ))}
        </form>
      </div>
    </details>
  );

const accessPages = [
  { path: "/console/knowledge", name: "Knowledge", needs: "memory:read" },
  { path: "/console/rehearse", name: "Rehearsals", needs: "world:read" },
  { path: "/console/world", name: "What we know", needs: "world:read" },
  { path: "/console/keys", name: "API keys", needs: "identity:read" },
  { path: "/console/sources", name: "Sources", needs: "identity:read" },
  { path: "/console/senders", name: "Senders", needs: "outbound:read" },
  { path: "/console/ledger", name: "Ledger", needs: "shared:read" },
  { path: "/console/audit", name: "Audit trail", needs: "shared:read" },
  { path: "/console/schedules", name: "Schedules", needs: "shared:read" },

  { path: "/console/campaigns", name: "Campaigns", needs: "outbound:read" },
  { path: "/console/templates", name: "Templates", needs: "outbound:read" },
  { path: "/console/letters", name: "Dead letters", needs: "shared:read" },
  { path: "/console/erasures", name: "Erasures", needs: "shared:read" },
  { path: "/console/retention", name: "Retention", needs: "shared:read" },
  { path: "/console/data", name: "Your data", needs: "privacy:export" },
] as const;

export const Person = ({ seat }: { seat: Seat }) => (
  <details class="menu">
    <summary>
      <span class="face">{initials(seat.username)}</span>
      <span class="unseen">Signed in as {seat.username}: open the menu</span>
    </summary>
    <div>
      <p class="small faint">Signed in as</p>
      <p class="strong">{seat.username}</p>
      {accessPages
        .filter(({ needs }) => seat.permissions.includes(needs))
        .map(({ path, name }) => (
          <a class="entry" href={path}>
            {name}
          </a>
        ))}
      {seat.permissions.includes("identity:read") ? (
        <a class="entry" href="/console/members">
          Members
        </a>
      ) : null}
      <a class="entry" href="/console/join">
        Join or make a project
      </a>
      <a class="entry" href="/console/password">
        Change password
      </a>
      <a class="entry" href="/docs">
        API documentation
      </a>
      <a class="entry" href="/docs" data-keys>
        Keyboard shortcuts
      </a>
      <form method="post" action="/console/logout">
        <input type="hidden" name="csrf" value={seat.csrf} />
        <button type="submit">Sign out</button>
      </form>
    </div>
  </details>
);

export const QuickAsk = ({ seat }: { seat: Seat }) => (
  <form class="quick" method="post" action="/console/ask">
    <input type="hidden" name="csrf" value={seat.csrf} />
    <input type="hidden" name="once" value={seat.once} />
    <input
      name="question"
      placeholder="Ask what was said"
      aria-label="Ask what was said"
      maxlength={1000}
      autocomplete="off"
      required
      data-ask
    />
    <span class="key" aria-hidden="true">
      /
    </span>
  </form>
);
