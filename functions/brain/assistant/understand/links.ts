/** What hangs on what: a clause is taken apart at the words that link, into what is said and what it is linked to. */
import type { Link } from "./extract.ts";

export type Tie = {
  type: Link["type"];
  /** What comes after the link: that it blocks, is a goal, a problem, or only known by its name. */
  other: string;
  as: "blocker" | "needed" | "goal" | "problem" | "known";
};

type Rule = { says: RegExp; type: Link["type"]; as: Tie["as"] };

/** `a` is said before, `b` after; `a` may be missing: then it is what was said last. */
const rules: Rule[] = [
  {
    says: /^(?:once|as soon as|when|when we have|once we have) (?<b>.+?) (?:is|are) (?:here|done|in place|ready|finished|there|granted|approved|solved),?\s+(?:then )?(?<a>.+)$/i,
    type: "blocks",
    as: "blocker",
  },
  {
    says: /^(?:når|så snart|først når) (?<b>.+?) er (?:her|klare?|klart|færdige?|færdigt|på plads|givet|godkendt|løst|kommet),?\s+(?:så )?(?:skal (?:jeg|vi) )?(?<a>.+)$/i,
    type: "blocks",
    as: "blocker",
  },
  {
    says: /^(?:(?:i|we) )?(?:can't|cannot|can not|won't) (?:start to |start )?(?<a>.+?) (?:until|before|till) (?<b>.+)$/i,
    type: "blocks",
    as: "blocker",
  },
  {
    says: /^(?:(?:jeg|vi) )?kan (?:ikke|først) (?<a>.+?) (?:før|inden|når) (?<b>.+)$/i,
    type: "blocks",
    as: "blocker",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:(?:it |which |that )?(?:is|are) )?(?:blocked by|waiting (?:for|on)|held up by|stuck on|stuck because of)\s+(?<b>.+)$/i,
    type: "blocks",
    as: "blocker",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:(?:den |det |som )?er )?(?:blokeret af|venter på|afventer|holdes op af)\s+(?<b>.+)$/i,
    type: "blocks",
    as: "blocker",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:it )?(?:depends on|requires|needs(?= .+ first))\s+(?<b>.+?)(?: first)?$/i,
    type: "depends_on",
    as: "needed",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:den |det )?(?:afhænger af|kræver|forudsætter)\s+(?<b>.+?)(?: først)?$/i,
    type: "depends_on",
    as: "needed",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:for|towards|toward|to reach|supports|supporting|as part of) (?:the|my|our) goal(?: of)?:?\s+(?<b>.+)$/i,
    type: "supports_goal",
    as: "goal",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:for|mod|til|støtter|som led i|for at nå) (?:målet|mit mål|vores mål)(?: om(?: at)?)?:?\s+(?<b>.+)$/i,
    type: "supports_goal",
    as: "goal",
  },
  {
    says: /^(?<a>.+?)[,.]?\s+(?:because of|due to|to solve|to fix|to address|against|for) (?:the|our) problem(?: that| with| of)?:?\s+(?<b>.+)$/i,
    type: "addresses_problem",
    as: "problem",
  },
  { says: /^(?<a>.+?)[,.]?\s+because\s+(?<b>(?!of\b).+)$/i, type: "addresses_problem", as: "problem" },
  {
    says: /^(?<a>.+?)[,.]?\s+(?:på grund af|for at løse|mod|imod|for) problemet(?: med| at)?:?\s+(?<b>.+)$/i,
    type: "addresses_problem",
    as: "problem",
  },
  { says: /^(?<a>.+?)[,.]?\s+(?:fordi|da)\s+(?<b>.+)$/i, type: "addresses_problem", as: "problem" },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:(?:is |it is )?related to|belongs (?:with|to)|goes with)\s+(?<b>.+)$/i,
    type: "related",
    as: "known",
  },
  {
    says: /^(?:(?<a>.+?)[,.]?\s+)?(?:(?:det |den )?hører (?:sammen med|til)|(?:er )?relateret til|har at gøre med)\s+(?<b>.+)$/i,
    type: "related",
    as: "known",
  },
];

/** `said` is empty when the clause only says what the one before hangs on. */
export function tieIn(clause: string): { said: string; tie: Tie } | undefined {
  const text = clause.replace(/[.!]+$/, "").trim();
  for (const { says, type, as } of rules) {
    const groups = says.exec(text)?.groups;
    const other = groups?.["b"]?.trim();
    if (other) return { said: groups?.["a"]?.trim() ?? "", tie: { type, as, other } };
  }
  return undefined;
}
