/** What a colleague agrees to about his own rehearsals: three consents, each for itself, none until he says yes. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { reading, verb } from "../kernel/verb.ts";

const uses = ["memory", "telemetry", "raw_text"] as const;

const Consents = () => z.object({ memory: z.boolean(), telemetry: z.boolean(), raw_text: z.boolean() });
type View = z.output<ReturnType<typeof Consents>>;

const columns = sql`u.consent_memory as memory, u.consent_telemetry as telemetry, u.consent_raw_text as raw_text`;
const me = sql`nullif(current_setting('app.user_id', true), '')::uuid`;

const view = ({ memory, telemetry, raw_text }: View): View => ({ memory, telemetry, raw_text });

export const getOwnConsents = reading(
  {
    name: "world.own_consents.get",
    summary: "What one has agreed to about one's own rehearsals",
    needs: "world:read",
    doors: ["rest"],
    input: () => z.object({}),
    output: Consents,
  },
  {
    part: (ctx) =>
      raw(ctx, sql`select ${columns} from world.users u where u.project_id = shared.scope() and u.user_id = ${me}`),
    view: (found) => view((found as { rows: View[] }).rows[0] ?? { memory: false, telemetry: false, raw_text: false }),
  },
);

export const setOwnConsents = verb(
  {
    name: "world.own_consents.set",
    summary: "Agree to a use of one's own rehearsals, or no longer; a use that is left out stays as it is",
    needs: "world:read",
    doors: ["rest"],
    effect: "write",
    faults: ["person_required"],
    input: () => Consents().partial(),
    output: Consents,
    example: () => ({ telemetry: false }),
  },
  (ctx, told) => {
    const said = (use: (typeof uses)[number]) => sql`${told[use] ?? null}::boolean`;
    return commit(ctx, {
      change: sql`insert into world.users as u (project_id, user_id, consent_memory, consent_telemetry, consent_raw_text)
        select shared.scope(), m.id, coalesce(${said("memory")}, false), coalesce(${said("telemetry")}, false), coalesce(${said("raw_text")}, false)
          from (select ${me} as id) m where m.id is not null
        on conflict (project_id, user_id) do update set consent_memory = coalesce(${said("memory")}, u.consent_memory),
          consent_telemetry = coalesce(${said("telemetry")}, u.consent_telemetry),
          consent_raw_text = coalesce(${said("raw_text")}, u.consent_raw_text), updated_at = shared.clock(), version = u.version + 1
        returning ${columns}`,
      event: { kind: "world.consents_said", ref: ["user", "own"], payload: { ...told } },
      lost: () => new Fault("forbidden", "person_required", { detail: "This key belongs to nobody in particular." }),
    });
  },
  (row) => view(row as View),
);
