/** The same sentences in Danish. */
import { namedDa, valueDa } from "../plain-words.ts";
import type { Words } from "./words.ts";

/** With their article, as one asks about them. */
const slots: Record<string, string> = {
  rent: "huslejen",
  salary: "lønnen",
  price: "prisen",
  deadline: "fristen",
  start_date: "startdatoen",
  visit: "besøget",
};

export const danish: Words = {
  manners: {
    polite: {
      heard: "Tak, fordi du siger det",
      holds: "Så vidt jeg ved",
      asks: "Må jeg spørge om",
      unsure: "Det ved jeg desværre ikke noget om.",
      ends: ["Jeg vil gerne finde noget, der passer os begge.", "Hvordan lyder det for dig?"],
    },
    neutral: {
      heard: "Det har jeg noteret",
      holds: "Det, jeg har her, er",
      asks: "Hvad med",
      unsure: "Det ved jeg ikke noget om.",
      ends: ["Hvad foreslår du?", "Hvad vil du gerne have fra mig?"],
    },
    tough: {
      heard: "Så det er dér, du står",
      holds: "Jeg går efter det, jeg ved",
      asks: "Du har ikke sagt et ord om",
      unsure: "Det kender jeg intet til, så det tæller ikke.",
      ends: [
        "Det er ikke nok for mig. Hvorfor skulle jeg sige ja?",
        "Jeg ser ingen grund til at flytte mig. Giv mig en.",
      ],
    },
    busy: {
      heard: "Noteret",
      holds: "Jeg har",
      asks: "Hurtigt, hvad med",
      unsure: "Det aner jeg ikke.",
      ends: ["Jeg har ikke meget tid. Hvad vil du?", "Gør det kort. Hvad er dit tilbud?"],
    },
    defensive: {
      heard: "Hvis du siger det",
      holds: "Jeg fik at vide",
      asks: "Hvorfor nævner du ikke",
      unsure: "Det er der ingen, der har fortalt mig, og det er ikke min skyld.",
      ends: [
        "Det lyder, som om du giver mig skylden. Hvad forventer du?",
        "Jeg har ikke gjort noget forkert. Hvad er det, du vil?",
      ],
    },
  },
  against: {
    polite: "Modparten er høflig: sig tak, og sig alligevel klart, hvad du vil.",
    neutral: "Modparten er neutral: ét klart ønske med én grund flytter mere end tre.",
    tough: "Modparten er hård: bevar roen, giv din grund først, og lad en pause stå.",
    busy: "Modparten har travlt: begynd med, hvad du vil, i én sætning.",
    defensive: "Modparten er i forsvar: tal om sagen, ikke om personen, og spørg, før du påstår noget.",
  },
  unused: (fact) => `Det har du ikke brugt endnu: ${fact.replace(/\.$/, "")}.`,
  unknown: (slot) => `Der vides intet om ${slot}: få det på plads, før du siger ja.`,
  begin: "Du er ikke begyndt: åbn med, hvad du vil.",
  between: "Hvad du skriver her, bliver mellem os.",
  slot: (slot) => slots[slot] ?? namedDa(slot),
  name: namedDa,
  value: ({ value, value_type: type, unit }) => valueDa({ value, type, unit }),
};
