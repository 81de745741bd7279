/** A person as a page, and the forms that write down what he has said about being written to. */
import type { Context } from "hono";
import { listConversations } from "#brain/inbox/index.ts";
import { listTimeline } from "#brain/insight/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { instantOf } from "#brain/kernel/wall-time.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  capPolicy,
  decideHold,
  getPolicies,
  listHolds,
  listMessages,
  listWays,
  optIn,
  optOut,
  recordConsent,
} from "#brain/outbound/index.ts";
import { getContact, getUses, listProposals, setUses } from "#brain/people/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, seeOther, writer, zoneIn } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { personPath } from "./outbound-words.ts";
import type { Refused } from "./person-edit.tsx";
import { timelineFilters } from "./person-timeline.tsx";
import { PersonPage, type PersonView } from "./person-view.tsx";
import { seatOf } from "./seat.ts";
import { personName } from "./shapes.ts";
import { listed, turnedTo } from "./turning.ts";

type Shown = { wrong?: PersonView["wrong"]; refused?: Refused; status?: number };

export async function answerPerson(c: Context<App>, ctx: Ctx, { wrong, refused, status }: Shown): Promise<Response> {
  const contact = idIn(c);
  const show = filterIn(c, "show");
  const kinds = show && Object.hasOwn(timelineFilters, show) ? { kinds: timelineFilters[show]?.kinds } : {};
  const turned = await turnedTo(c, "timeline");
  const [ways, stands, holds, person, messages, conversations, memory, proposals, entries, uses] = await together(ctx, [
    [listWays, { id: contact }],
    [getPolicies, { id: contact }],
    [listHolds, { contact, limit: 10 }],
    [getContact, { id: contact }, "if permitted"],
    [listMessages, { contact, limit: 10 }],
    [listConversations, { contact, limit: 10 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
    [listProposals, { contact, limit: 5 }, "if permitted"],
    [listTimeline, { contact_id: contact, limit: 25, ...kinds, ...turned }, "if permitted"],
    [getUses, { id: contact }, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: PersonView = {
    seat,
    about: person ? { seat, person, proposals: proposals?.data ?? [], refused } : null,
    timeline: entries
      ? { seat, entries: await listed(c, "timeline", entries), path: personPath(contact), chosen: show }
      : null,
    ways,
    stands,
    holds: holds.data,
    uses,
    messages: messages.data,
    conversations: conversations?.data ?? [],
    ...(wrong ? { wrong } : {}),
  };
  const title = personName(ways.name);
  const body = <PersonPage view={view} />;
  return answerFramed(c, { seat, place: "people", title, body, ...(status ? { status } : {}) });
}

export const personPage = async (c: Context<App>): Promise<Response> => answerPerson(c, await reader(c), {});

type Form = Map<string, string>;
/** What a form says, as the verb takes it; an empty field is one that was left out. */
type Act = { verb: Verb; note: NoteCode; input(form: Form, zone: string): Record<string, unknown> };

const given = (form: Form, ...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
      return text === "" ? [] : [[name, text]];
    }),
  );

const numbered = (text: string | undefined): number | null => (text?.trim() ? Number(text) : null);

/** `2026-11-15T09:30`, as clocks in the project show it. */
const momentIn = (form: Form, zone: string): Record<string, string> => {
  const wall = form.get("occurred_at")?.trim() ?? "";
  if (wall === "") return {};
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) || Number.isNaN(Date.parse(`${wall}Z`))) return { occurred_at: wall };
  return { occurred_at: instantOf(wall, zone).toISOString() };
};

const place = (form: Form) => ({ channel: form.get("channel"), brand: form.get("brand") ?? "" });

const acts: Record<string, Act> = {
  "opt-out": {
    verb: optOut as unknown as Verb,
    note: "person_opted_out",
    input: (form) => ({ ...place(form), ...given(form, "by", "evidence") }),
  },
  "opt-in": {
    verb: optIn as unknown as Verb,
    note: "person_opted_in",
    input: (form) => {
      const evidence = form.get("evidence")?.trim();
      return { ...place(form), ...given(form, "reason"), evidence: evidence ? [evidence] : [] };
    },
  },
  consent: {
    verb: recordConsent as unknown as Verb,
    note: "consent_recorded",
    input: (form, zone) => ({
      channel: form.get("channel"),
      granted: form.get("granted") === "yes",
      ...given(form, "scope", "shown_text", "source", "proof"),
      ...momentIn(form, zone),
    }),
  },
  uses: {
    verb: setUses as unknown as Verb,
    note: "uses_said",
    input: (form) => {
      const use = form.get("use") ?? "";
      return { [use]: form.get("granted") === "yes", ...given(form, "shown_text", "source", "proof") };
    },
  },
  cap: {
    verb: capPolicy as unknown as Verb,
    note: "person_capped",
    input: (form) => {
      const [count, hours] = [numbered(form.get("count")), numbered(form.get("hours"))];
      return { ...place(form), cap_count: count, cap_seconds: hours === null ? null : Math.round(hours * 3600) };
    },
  },
  hold: {
    verb: decideHold as unknown as Verb,
    note: "hold_decided",
    input: (form) => ({ id: form.get("hold") ?? "", ...given(form, "decision", "reason") }),
  },
};

const named: Record<string, string> = {
  evidence: "Where it is kept",
  reason: "What was said",
  shown_text: "The words that were shown",
  source: "Where it was said",
  proof: "Proof",
  occurred_at: "When",
  cap_count: "Messages",
  cap_seconds: "Hours",
  decision: "Decision",
};

const mendable = new Set(["invalid_input", "evidence_required", "hold_unknown", "person_erased"]);

/** `/console/people/{id}/{act}`. */
export async function personForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const name = c.req.param("act") ?? "";
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) throw new Fault("not_found", "route_unknown");
  const contact = idIn(c);
  const ctx = await writer(c, form);
  // A hold is named by its own id; the others by the person's, which a consent calls contact.
  const whom = name === "consent" ? { contact } : { id: contact };
  try {
    await once(ctx, { verb: act.verb, input: { ...whom, ...act.input(form, zoneIn(form)) }, form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    const wrong = { act: name, channel: form.get("channel") ?? "", said: saidOf(thrown, named), typed: form };
    return answerPerson(c, ctx, { wrong, status: statusOf(thrown.kind) });
  }
  return seeOther(c, await withNote(c, personPath(contact), { code: act.note }));
}
