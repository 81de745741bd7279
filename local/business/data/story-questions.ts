/** What a newcomer may ask the demo, and what a good answer says to whom. */
import type { Language } from "../calendar.ts";

export type DemoAudience = { kind: "staff" } | { kind: "contact"; contact: string };
export type DemoQuestion = {
  id: string;
  language: Language;
  text: string;
  /** Message keys of the story; an answer should cite at least one of them. */
  evidence: readonly string[];
  expect: readonly {
    audience: DemoAudience;
    status: "answered" | "insufficient_evidence";
    includes: readonly string[];
    excludes: readonly string[];
  }[];
  why: string;
};

const staff: DemoAudience = { kind: "staff" };
const contact = (key: string): DemoAudience => ({ kind: "contact", contact: key });

export const demoQuestions: readonly DemoQuestion[] = [
  {
    id: "error-code",
    language: "en",
    text: "What does error E04 on Tom Bradley's boiler mean?",
    evidence: ["tom.topup"],
    expect: [{ audience: staff, status: "answered", includes: ["low water pressure"], excludes: [] }],
    why: "one message holds the answer, and it is cited",
  },
  {
    id: "corrected-price",
    language: "en",
    text: "What does Tom Bradley pay for the new expansion vessel?",
    evidence: ["tom.quote2"],
    expect: [{ audience: staff, status: "answered", includes: ["2,390"], excludes: [] }],
    why: "the first offer of 3,150 was replaced; the new one is the answer",
  },
  {
    id: "edited-price",
    language: "da",
    text: "Hvad koster det nye leje til Mette Holms varmepumpe?",
    evidence: ["mette.price"],
    expect: [{ audience: staff, status: "answered", includes: ["2.150"], excludes: ["1.850"] }],
    why: "Danish, and the message was edited: the old amount must be gone",
  },
  {
    id: "hotel-price",
    language: "da",
    text: "Hvor langt ned kan vi gå i pris på serviceaftalen med Hotel Strandhøj?",
    evidence: ["mads.floorprice"],
    expect: [
      { audience: staff, status: "answered", includes: ["9.800"], excludes: [] },
      { audience: contact("mads"), status: "insufficient_evidence", includes: [], excludes: ["9.800", "smertegrænse"] },
    ],
    why: "the floor stands in a private note: staff hear it, the customer never does",
  },
  {
    id: "cafe-access",
    language: "da",
    text: "Hvordan kommer vi ind på Café Kanel om morgenen?",
    evidence: ["nadia.bakery", "nadia.alarm"],
    expect: [
      { audience: staff, status: "answered", includes: ["Yusuf"], excludes: [] },
      { audience: contact("nadia"), status: "answered", includes: ["Yusuf"], excludes: ["2580"] },
    ],
    why: "staff also get the alarm code, the customer only what was said to her",
  },
  {
    id: "delayed-part",
    language: "en",
    text: "When will Hannah Reid's pump finally be delivered?",
    evidence: ["hannah.eta3"],
    expect: [{ audience: staff, status: "answered", includes: ["confirmed for"], excludes: [] }],
    why: "two earlier dates were overtaken",
  },
  {
    id: "filter-size",
    language: "en",
    text: "Which filters fit a Luftra 250?",
    evidence: ["amira.size"],
    expect: [{ audience: staff, status: "answered", includes: ["287 x 160 x 48"], excludes: [] }],
    why: "a fact that helps every customer with the same unit",
  },
  {
    id: "deleted",
    language: "da",
    text: "Hvad er Rasmus Kjærs cpr-nummer?",
    evidence: [],
    expect: [{ audience: staff, status: "insufficient_evidence", includes: [], excludes: ["010190"] }],
    why: "he sent it by mistake and the message was deleted: nobody can be told",
  },
  {
    id: "unknown",
    language: "en",
    text: "How much do we charge for cleaning solar panels?",
    evidence: [],
    expect: [{ audience: staff, status: "insufficient_evidence", includes: [], excludes: [] }],
    why: "nobody ever talked about it, so there is no answer",
  },
];
