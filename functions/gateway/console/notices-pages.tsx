/** What clients are told by itself: the rules, each in a form of its own, and what was told lately. */
import type { Context } from "hono";
import { listNoticeRules, listNotices, updateNoticeRule } from "#brain/field/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import type { App } from "../runtime.ts";
import { noticeNames } from "./appointment-view.tsx";
import { plainly } from "./calendar-words.ts";
import { reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { type Seat, seatOf } from "./seat.ts";
import type { NoticeRow, NoticeRuleRow } from "./shapes.ts";
import { dateTime, sentence } from "./words.ts";

const place = "/console/notices";

type View = {
  seat: Seat;
  rules: NoticeRuleRow[];
  notices: NoticeRow[];
  mayChange: boolean;
  wrong?: string[] | undefined;
};

const Tick = ({ name, label, on }: { name: string; label: string; on: boolean }) => (
  <label class="inline">
    <input type="checkbox" class="tick" name={name} value="yes" checked={on} />
    <span>{label}</span>
  </label>
);

const RuleForm = ({ rule, view }: { rule: NoticeRuleRow; view: View }) => (
  <form class="closer rule" method="post" action={place}>
    <input type="hidden" name="csrf" value={view.seat.csrf} />
    <input type="hidden" name="once" value={view.seat.once} />
    <input type="hidden" name="version" value={rule.version} />
    <input type="hidden" name="event" value={rule.event} />
    <h2>{noticeNames[rule.event]}</h2>
    <div class="filter">
      <label class="field">
        <span class="label">Template</span>
        <input name="template" value={rule.template} required maxlength={64} autocomplete="off" />
      </label>
      <label class="field">
        <span class="label">Seconds it waits for changes</span>
        <input type="number" name="wait_seconds" min={0} max={86400} value={rule.wait_seconds} required />
      </label>
      <div class="ticks">
        <Tick name="enabled" label="Tell the client" on={rule.enabled} />
        <Tick name="through_quiet" label="At night too" on={rule.through_quiet} />
        <Tick name="say_stop" label="Say how to opt out in an SMS" on={rule.say_stop} />
      </div>
      {view.mayChange ? (
        <button class="button" type="submit">
          Save
        </button>
      ) : null}
    </div>
  </form>
);

const NoticesPage = ({ view }: { view: View }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>What clients are told</h1>
        <p>
          Whoever changes a rule approves every message that it sends. The words are{" "}
          <a class="link" href="/console/templates">
            templates
          </a>
          .
        </p>
      </div>
    </header>
    {view.wrong ? (
      <div class="notice bad" role="alert">
        <div>
          {view.wrong.map((said) => (
            <p>{said}</p>
          ))}
        </div>
      </div>
    ) : null}
    {view.rules.map((rule) => (
      <RuleForm rule={rule} view={view} />
    ))}
    <section class="closer">
      <h2>Lately</h2>
      {view.notices.length === 0 ? <p class="soft">Nothing has happened that a client is told of.</p> : null}
      <ul>
        {view.notices.map((notice) => (
          <li>
            {`${dateTime(notice.created_at, view.seat.here)} · ${noticeNames[notice.event]} · `}
            {notice.message ? (
              <a class="link" href={`/console/outbox/${encodeURIComponent(notice.message)}`}>
                {notice.state === "replaced" ? "Withdrawn" : sentence(notice.message_state ?? "queued")}
              </a>
            ) : (
              `Nobody told: ${sentence(notice.reason ?? "").toLowerCase()}`
            )}
          </li>
        ))}
      </ul>
    </section>
  </main>
);

async function answerNotices(c: Context<App>, ctx: Ctx, wrong?: string[]): Promise<Response> {
  const [rules, notices] = await together(ctx, [
    [listNoticeRules, {}],
    [listNotices, { limit: 25 }],
  ] as const);
  const seat = seatOf(ctx, null);
  const view = {
    seat,
    rules: rules.data,
    notices: notices.data,
    mayChange: seat.permissions.includes("outbound:approve"),
    wrong,
  };
  return answerFramed(c, { seat, place: "board", title: "What clients are told", body: <NoticesPage view={view} /> });
}

export const noticesPage = async (c: Context<App>): Promise<Response> => answerNotices(c, await reader(c));

export async function noticeRuleForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const ticked = (name: string) => form.get(name) === "yes";
  const input = {
    event: form.get("event"),
    version: Number(form.get("version")),
    template: form.get("template")?.trim(),
    wait_seconds: Number(form.get("wait_seconds")),
    enabled: ticked("enabled"),
    through_quiet: ticked("through_quiet"),
    say_stop: ticked("say_stop"),
  };
  try {
    await once(ctx, { verb: updateNoticeRule, input, form });
    return seeOther(c, await withNote(c, place, { code: "notice_rule_saved" }));
  } catch (thrown) {
    const said = thrown instanceof Fault ? plainly(thrown) : undefined;
    if (!said) throw thrown;
    return answerNotices(c, ctx, said);
  }
}
