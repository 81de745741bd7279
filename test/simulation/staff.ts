/** Staff and their programs over REST: what was asked once happens once, and a repeated question gets the same bytes. */

import { desks } from "./inbox.ts";
import type { Answer, Area, Move, Sim, SimTenant } from "./sim.ts";
import { vocabulary } from "./vocabulary.ts";

type Wish = {
  tenant: SimTenant;
  label: string;
  path: string;
  body: string;
  key: string;
  since: number;
  /** The bytes of the first success that was heard. */
  answer?: { bytes: string };
  /** Requests that are to be made yet. */
  tries: number;
};

/** After half a day nobody asks again; answers are kept for a day. */
const patienceMs = 12 * 3_600_000;
/** From the first asking on: a little less than a day, since clocks may be a little off. */
const keptMs = 23 * 3_600_000;
const mostTries = 4;

export const staff = (sim: Sim): Area => staffWho("does everything")(sim);

type Habit = "does everything" | "asks";

export const staffWho =
  (habit: Habit) =>
  (sim: Sim): Area => {
    const wishes: Wish[] = [];
    const made = new Set<string>();
    const other = (tenant: SimTenant) => sim.tenants.find((one) => one !== tenant) as SimTenant;
    const asked = (wish: Wish) => void (wish.tries > 0 && tell(sim, wish, made));
    return {
      name: "staff",
      moves: () => [
        ...sim.tenants.flatMap((tenant) => [
          { weight: 0.8, run: () => void wishes.push(wishFor(sim, tenant, { count: wishes.length, habit })) },
          { weight: 0.4, run: () => look(sim, tenant, other(tenant)) },
        ]),
        ...open(wishes).map((wish): Move => ({ weight: 1.5, run: () => asked(wish) })),
      ],
      remaining: () => open(wishes).map((wish): Move => ({ weight: 1, run: () => asked(wish) })),
      atRest: () => ones(sim, made),
    };
  };

const open = (wishes: Wish[]): Wish[] => wishes.filter(({ tries }) => tries > 0);

/** About something that was said, as far as anything was. */
function question(sim: Sim, tenant: SimTenant): string {
  const said = desks.get(sim)?.find((desk) => desk.tenant === tenant)?.messages ?? [];
  return said.length > 0 ? `${sim.rng.pick(said).text}?` : `Hvornår kommer ${sim.rng.pick(vocabulary)}?`;
}

function wishFor(sim: Sim, tenant: SimTenant, { count, habit }: { count: number; habit: Habit }): Wish {
  const { rng, time } = sim;
  const name = `${tenant.word} key ${count}`;
  const kinds = [
    ["/v1/identity/api-keys", { name, permissions: ["inbox:read"] }],
    ["/v1/ask", { question: question(sim, tenant), audience: { kind: "staff" } }],
    ["/v1/memory/retry", {}],
  ] as const;
  const [path, body] = habit === "asks" ? kinds[1] : rng.pick(kinds);
  const key = `${tenant.word}-${count}`;
  return {
    tenant,
    label: `${tenant.word} posts ${path} (${key})`,
    path,
    body: JSON.stringify(body),
    key,
    since: time,
    tries: 2,
  };
}

const headersOf = (tenant: SimTenant, key?: string) => ({
  authorization: `Bearer ${tenant.apiKey}`,
  "content-type": "application/json",
  ...(key ? { "idempotency-key": key } : {}),
});

function tell(sim: Sim, wish: Wish, made: Set<string>): void {
  const { tenant, label, path, body, key } = wish;
  wish.tries -= 1;
  if (sim.time - wish.since > patienceMs) return;
  const post = (text: string, heard: (answer: Answer | undefined) => void) =>
    sim.ask(label, { path, init: { method: "POST", headers: headersOf(tenant, key), body: text } }, heard);
  const heard = (answer: Answer | undefined) => {
    if (answer && answer.status < 300 && path.endsWith("api-keys")) made.add(String(JSON.parse(body).name));
    if (sim.faults.strikes("staff.answer_lost", 0.2)) return again(wish);
    if (!answer || answer.status >= 500 || answer.status === 409) return again(wish);
    if (answer.status < 300) compare(sim, wish, answer.body);
    private_(sim, tenant, answer);
  };
  post(body, heard);
  if (sim.faults.strikes("staff.asked_twice_at_once", 0.15)) post(body, heard);
  if (wish.answer !== undefined && sim.faults.strikes("staff.other_body_under_one_key", 0.3)) {
    post(body.replace("{", '{ "more": 1,').replace(",}", "}"), (answer) => {
      if (answer && answer.status < 300)
        sim.accuse(`I10: another body under ${key} was answered with ${answer.status}`);
    });
  }
}

function again(wish: Wish): void {
  if (wish.tries < mostTries) wish.tries += 1;
}

/** I10. */
function compare(sim: Sim, wish: Wish, body: string): void {
  const { answer } = wish;
  wish.answer ??= { bytes: body };
  if (!answer || answer.bytes === body || sim.time - wish.since > keptMs) return;
  sim.accuse(`I10: ${wish.label} was answered ${answer.bytes} and then ${body}`);
}

/** I7, as far as answers go. */
function private_({ tenants, accuse }: Sim, tenant: SimTenant, { body }: Answer): void {
  for (const { word, project } of tenants) {
    if (word === tenant.word) continue;
    if (body.includes(word) || body.includes(project)) accuse(`I7: ${tenant.word} was answered with words of ${word}`);
  }
}

/** Looks around: in one's own house, and with one's own key into the other's. */
function look(sim: Sim, tenant: SimTenant, other: SimTenant): void {
  const { rng } = sim;
  const own = [
    "/v1/inbox/messages",
    "/v1/inbox/conversations",
    `/v1/search?q=${other.word}%20${encodeURIComponent(rng.pick(vocabulary))}`,
    "/v1/memory/status",
    "/v1/shared/events",
    "/v1/people/contacts",
  ];
  const foreign = [
    `/v1/inbox/conversations/cw:${other.project}:${other.accountId}:${1 + rng.below(3)}`,
    `/v1/inbox/conversations/cw:${other.project}:${other.accountId}:${1 + rng.below(3)}/passages`,
  ];
  const isForeign = rng.chance(0.3);
  const path = rng.pick(isForeign ? foreign : own);
  sim.ask(`${tenant.word} reads`, { path, init: { method: "GET", headers: headersOf(tenant) } }, (answer) => {
    if (!answer) return;
    // A search repeats the question; whoever asked for a foreign id named it himself.
    if (!isForeign) return private_(sim, tenant, { ...answer, body: answer.body.replaceAll(`"q":"${other.word}`, "") });
    if (answer.status < 300 && !/"data":\[\]/.test(answer.body)) {
      sim.accuse(`I7: ${tenant.word} read ${path} of ${other.word}`);
    }
  });
}

/** A wish that was granted left one key, however often it was made; one that was not leaves at most one. */
async function ones({ house }: Sim, made: Set<string>): Promise<string[]> {
  const rows = await house.query(
    "select name, count(*)::int as n from identity.api_keys where name like '% key %' group by name",
  );
  const found = new Map(rows.map((row) => [String(row["name"]), Number(row["n"])]));
  return [
    ...[...made].filter((name) => !found.has(name)).map((name) => `I10: ${name} was promised and is not there`),
    ...[...found].filter(([, count]) => count > 1).map(([name, count]) => `I10: ${name} was made ${count} times`),
  ];
}
