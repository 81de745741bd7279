// What somebody knows among a million facts and two hundred knowers, against the same queries without knowers.
import { sql } from "drizzle-orm";
import { raw, send } from "#brain/kernel/batch.ts";
import { answer } from "#brain/memory/answer.ts";
import { soughtIn } from "#brain/memory/asked.ts";
import type { Audience } from "#brain/memory/audience.ts";
import { answerFrom } from "#brain/memory/index.ts";
import { type Evidence, evidenceFor } from "#brain/memory/recall.ts";
import { factsTold } from "#brain/world/told.ts";
import { type BenchApp, bindings, contextOn, newTenant, openApp, type Tenant } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { elapsed, rounds } from "./kit/rounds.ts";
import { type Stage, serverStage } from "./kit/stage.ts";
import { median, pairedRatio } from "./kit/stats.ts";
import { ms, print, type Row, times } from "./kit/table.ts";
import { EACH, plant, type Size, withoutKnowers } from "./world/planted.ts";

const SIZE: Size = {
  facts: either({ quick: 100_000, normal: 1_000_000 }),
  knowers: 200,
  edges: 500,
  passages: either({ quick: 4000, normal: 20_000 }),
};
const ENTITIES = SIZE.facts / EACH;
const ROUNDS = either({ quick: 7, normal: 15 });

/** Whose rights: those of a knower, or nobody's. */
type Rights = "world" | "bench";

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const tenant = await newTenant(stage, app.runtime, "world");
  const made = await elapsed(() => plant(stage, tenant, SIZE));
  console.log(`planted in ${Math.round(made / 1000)} s`);
  await withoutKnowers(stage);
  await stage.neon.query("vacuum analyze world.facts");
  await stage.neon.query("analyze");
  const ways = waysOf({ app, tenant });
  const took = await rounds(
    {
      "ten entities, as a contact": ways.entities("world"),
      "ten entities, without knowers": ways.entities("bench"),
      "a question's facts, as a contact": ways.told("world", known),
      "a question's facts, without knowers": ways.told("bench", known),
      "facts of a word said everywhere, as a contact": ways.told("world", common),
      "facts of a word said everywhere, without knowers": ways.told("bench", common),
      "facts he may not know, as a contact": ways.told("world", hidden),
      "facts he may not know, without knowers": ways.told("bench", hidden),
      "an answer, as a contact": ways.ask("world"),
      "an answer, without knowers": ways.ask("bench"),
    },
    { rounds: ROUNDS, warmup: 2 },
  );
  const row = (what: keyof typeof took, note = ""): Row => ({ what, cells: [ms(median(took[what])), note] });
  const against = (what: keyof typeof took, plain: keyof typeof took): Row => {
    const ratio = pairedRatio(took[what], took[plain]);
    return { ...row(what, `${times(ratio)} of the one without`), value: ratio.ratio };
  };
  const goal = { name: "within twice as long", atMost: 2 };
  print({
    title: `${stage.label}: ${SIZE.facts} facts, ${SIZE.knowers} knowers with ${SIZE.edges} edges each, ${SIZE.passages} passages`,
    columns: ["time", ""],
    rows: [
      { ...against("ten entities, as a contact", "ten entities, without knowers"), goal },
      row("ten entities, without knowers"),
      { ...against("a question's facts, as a contact", "a question's facts, without knowers"), goal },
      row("a question's facts, without knowers"),
      { ...against("an answer, as a contact", "an answer, without knowers"), goal },
      row("an answer, without knowers"),
      {
        ...against("facts of a word said everywhere, as a contact", "facts of a word said everywhere, without knowers"),
        goal,
      },
      row("facts of a word said everywhere, without knowers"),
      {
        ...against("facts he may not know, as a contact", "facts he may not know, without knowers"),
        note: "no goal: one finds it at once, the other looks on for fewer and fewer of the words",
      },
      row("facts he may not know, without knowers"),
    ],
  });
}

const house = (round: number) => (round * 911) % ENTITIES;
/** Public of every house. */
const known = (round: number) => `What is the window price of house ${house(round)}?`;
/** A fifth of all facts hold it. */
const common = () => "What is there about windows?";
/** Internal of every house. */
const hidden = (round: number) => `What is the window colour of house ${house(round)}?`;

function waysOf({ app, tenant }: { app: BenchApp; tenant: Tenant }) {
  const contact = (round: number) => `con_${(round * 37) % SIZE.knowers}`;
  const subjects = (round: number) =>
    sql.raw(`array(select 'ent_' || (${round * 911} + i * 97) % ${ENTITIES} from generate_series(1, 10) i)`);
  /** Time of one request, with its cost of entering the tenant. */
  const timed = (query: Parameters<typeof raw>[1]) => elapsed(() => send(ctx(), [raw(ctx(), query)]));
  const ctx = () => contextOn(app.runtime, { kind: "system", project: tenant.project, job: "bench" });
  return {
    entities: (of: Rights) => (round: number) =>
      timed(
        sql`select * from ${sql.raw(of)}.known_of(${`contact:${contact(round)}`}, null, shared.clock(), shared.clock(), ${subjects(round)})`,
      ),
    told: (of: Rights, question: (round: number) => string) => (round: number) => {
      const words = JSON.stringify(soughtIn(question(round)).map((word) => word.join("|")));
      return timed(sql`select * from ${sql.raw(of)}.told(${`contact:${contact(round)}`},
        array(select jsonb_array_elements_text(${words}::jsonb)), null, null, null, 8)`);
    },
    /** Passages and facts in one request, and an answer made of them without a model. */
    ask: (of: Rights) => async (round: number) => {
      const text = known(round);
      const audience: Audience = of === "world" ? { kind: "contact", id: contact(round) } : { kind: "staff" };
      let found: Evidence | undefined;
      const took = await elapsed(async () => {
        const question = { text, language: "english" } as const;
        answerFrom(of === "world" ? factsTold : factsOfAll);
        const [rows] = await send(ctx(), [evidenceFor(ctx(), { question, audience, narrowing: {}, k: 40 })]);
        found = rows.rows[0];
        if (found) answer(text, found);
      });
      if (!found?.facts.length || !found.passages.length)
        throw new Error(`nothing was found for "${text}" as ${audience.kind}`);
      return took;
    },
  };
}

/** As the world hands it to memory, with nobody's rights. */
const factsOfAll: typeof factsTold = {
  ...factsTold,
  told: ({ words, contacts, most }) => {
    const sought = JSON.stringify(words.map((word) => word.join("|")));
    return sql`select t.* from bench.told('staff', array(select jsonb_array_elements_text(${sought}::jsonb)), ${contacts}, null, null, ${most}::int) t`;
  },
};

banner("world: what somebody knows");
const stage = await serverStage();
await measure(stage).finally(stage.close);
