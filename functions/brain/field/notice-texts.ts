/** The house's own words for notices, until a project writes its own: templates like any other, put where a project has none. */
import type { Variable } from "../outbound/index.ts";

export const notices = ["scheduled", "rescheduled", "cancelled", "on_the_way", "ready", "shipped"] as const;
export type NoticeEvent = (typeof notices)[number];

/** How an SMS ends where its rule says so; the words are those that stop.ts of a carrier understands. */
export const stopLines: Readonly<Record<string, string>> = {
  en: "Reply STOP to opt out",
  da: "Svar STOP for at afmelde",
};

/** Said for a parcel without a number. */
export const noTracking: Readonly<Record<string, string>> = { en: "not given", da: "ikke oplyst" };

type Words = { subject: string; body: string };

const texts: Record<NoticeEvent, { en: Words; da: Words }> = {
  scheduled: {
    en: {
      subject: "Your appointment on {{day}}",
      body: "{{brand}}: your appointment for {{job_title}} is on {{day}}, {{time_from}} to {{time_until}}.",
    },
    da: {
      subject: "Din aftale den {{day}}",
      body: "{{brand}}: din aftale om {{job_title}} er {{day}}, kl. {{time_from}} til {{time_until}}.",
    },
  },
  rescheduled: {
    en: {
      subject: "Your appointment was moved to {{day}}",
      body: "{{brand}}: your appointment for {{job_title}} was moved to {{day}}, {{time_from}} to {{time_until}}.",
    },
    da: {
      subject: "Din aftale er flyttet til den {{day}}",
      body: "{{brand}}: din aftale om {{job_title}} er flyttet til {{day}}, kl. {{time_from}} til {{time_until}}.",
    },
  },
  cancelled: {
    en: {
      subject: "Your appointment on {{day}} is cancelled",
      body: "{{brand}}: your appointment for {{job_title}} on {{day}}, {{time_from}}, is cancelled. We will be in touch about another.",
    },
    da: {
      subject: "Din aftale den {{day}} er aflyst",
      body: "{{brand}}: din aftale om {{job_title}} {{day}}, kl. {{time_from}}, er aflyst. Vi vender tilbage med en ny.",
    },
  },
  on_the_way: {
    en: {
      subject: "{{tech_name}} is on the way",
      body: "{{brand}}: {{tech_name}} is on the way to you for {{job_title}}.",
    },
    da: { subject: "{{tech_name}} er på vej", body: "{{brand}}: {{tech_name}} er på vej til dig om {{job_title}}." },
  },
  ready: {
    en: {
      subject: "{{job_title}} is ready",
      body: "{{brand}}: {{job_title}} is ready. Your number is {{job_number}}.",
    },
    da: { subject: "{{job_title}} er klar", body: "{{brand}}: {{job_title}} er klar. Dit nummer er {{job_number}}." },
  },
  shipped: {
    en: {
      subject: "{{job_title}} is on its way to you",
      body: "{{brand}}: {{job_title}} was sent to you. Tracking number: {{tracking}}.",
    },
    da: {
      subject: "{{job_title}} er sendt til dig",
      body: "{{brand}}: {{job_title}} er sendt til dig. Pakkenummer: {{tracking}}.",
    },
  },
};

const text: Variable = { type: "text" };
/** What every text of a notice may say. */
export const noticeVariables: Readonly<Record<string, Variable>> = {
  job_title: text,
  // What people call it by, not a quantity: 1234, never 1,234.
  job_number: text,
  tech_name: { type: "text", default: "-" },
  tracking: text,
  day: { type: "date" },
  time_from: { type: "time" },
  time_until: { type: "time" },
};

/** A row for each event, language and channel, as the claim takes them. */
export const defaultTemplates = () =>
  notices.flatMap((event) =>
    (["en", "da"] as const).flatMap((language) =>
      (["sms", "email", "telegram"] as const).map((channel) => ({
        name: `notice-${event.replaceAll("_", "-")}`,
        language,
        channel,
        subject: channel === "email" ? texts[event][language].subject : null,
        body: texts[event][language].body,
        variables: noticeVariables,
      })),
    ),
  );
