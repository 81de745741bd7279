// What people write, and what it must not be taken for.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Said, saidIn } from "#brain/outbound/keywords.ts";

const table: Record<Said, string[]> = {
  stop: [
    "STOP",
    "stop",
    " Stop. ",
    "STOP!!!",
    "“Stop”",
    "*STOP*",
    "S.T.O.P",
    "ＳＴＯＰ",
    "ST\u200bOP",
    "\ufeffstop",
    "stop\u00ad",
    "STOP 🛑",
    "stop ✋🏽",
    "Stop\n",
    "STOP STOP STOP",
    "StopAll",
    "stop all",
    "UNSUBSCRIBE",
    "un-subscribe",
    "Cancel",
    "END",
    "quit.",
    "Revoke",
    "OPTOUT",
    "opt out",
    "Opt-Out!",
    "STOPP",
    "ARRET",
    "Arrêt".normalize("NFC").replace("ê", "e"),
    "AFMELD",
    "afmeld mig",
    "Afmeld mig!",
    "AFMELDING",
    "frameld mig",
    "Stop alt",
    "stop sms",
    "STOP\n\n> Reply STOP to unsubscribe\n> Nordvarme",
    "Stop\n\nOn Mon, 16 Nov 2026 at 09:12, Nordvarme <info@nordvarme.example> wrote:\n> Offer!",
    "AFMELD\r\n\r\nDen 16. nov. 2026 kl. 09.12 skrev Nordvarme:\r\nTilbud",
  ],
  start: [
    "START",
    "start",
    "Start!",
    "UNSTOP",
    "un stop",
    "opt in",
    "TILMELD",
    "tilmeld mig",
    "start igen",
    "ＳＴＡＲＴ",
  ],
  yes: ["YES", "yes", "Yes!", "JA", "ja", "Ja.", "ja ja"],
  help: ["HELP", "help", "Help?", "INFO", "info!", "HJÆLP", "hjælp", "Hjælp!!", "HJAELP", "HJÆLP".normalize("NFD")],
  wish: [
    "please don't text me again",
    "Please don’t text me anymore.",
    "Do not contact me again",
    "dont message me",
    "Never text me again!!",
    "stop texting me",
    "Stop messaging us please",
    "stop sending me messages",
    "can you stop sending these texts",
    "Please stop.",
    "stop it",
    "Stop it already",
    "ok stop",
    "I want to unsubscribe",
    "How do I unsubscribe from this?",
    "I would like to opt out",
    "please opt me out",
    "Take me off your list",
    "remove my number from your system",
    "Remove me please",
    "delete my number",
    "No more texts please",
    "I don't want any more messages",
    "I do not want to receive your newsletter",
    "leave me alone",
    "lose my number",
    "not interested, thanks",
    "Sorry, wrong number",
    "stop spamming me",
    "Quit emailing me",
    "don't send me any more offers",
    "I do not wish to be contacted",
    "skriv ikke til mig mere",
    "Skriv venligst ikke til mig mere!",
    "kontakt mig ikke igen",
    "Send ikke flere beskeder",
    "lad være med at skrive til mig",
    "Lad være med at sende mig flere sms'er",
    "stop med at skrive",
    "Hold op med at sende mig beskeder",
    "I må ikke skrive til mig",
    "jeg vil ikke have flere beskeder",
    "Jeg ønsker ikke at modtage flere sms'er",
    "Jeg ønsker ikke at blive kontaktet. Ingen flere mails!",
    "ikke flere mails tak",
    "fjern mig fra listen",
    "Slet mit nummer",
    "jeg vil gerne afmeldes",
    "kan I framelde mig?",
    "Jeg frabeder mig reklamer",
    "lad mig være i fred",
    "stop det nu",
    "Nej tak, ikke interesseret",
    "Hi, please stop texting me. I sold the house last year.",
    "Tak for hjælpen. Skriv ikke til mig igen.",
  ],
  none: [
    "cancel Tuesday's visit",
    "Please cancel my appointment",
    "Can we cancel?",
    "I want to cancel",
    "The end of the month is fine",
    "END of month",
    "we quit smoking, still smells of gas",
    "quit working yesterday",
    "the pump won't stop",
    "Stop the pump at night?",
    "Can you stop by on Friday?",
    "stop by",
    "Please stop by tomorrow",
    "please stop the alarm",
    "It stops and starts",
    "bus stop",
    "non-stop noise",
    "STOP signal on the display",
    "It says STOP",
    "Start over?",
    "When do you start?",
    "the engine won't start",
    "Yes please",
    "yes, Tuesday is fine",
    "Ja tak",
    "ja, det passer fint",
    "Yes but not before ten",
    "no",
    "nej",
    "I need help with the boiler",
    "Can you help?",
    "Send me info about prices",
    "more info please",
    "Jeg har brug for hjælp",
    "hjælp mig med kedlen",
    "afmeld besøget på tirsdag",
    "Afmeld tirsdag",
    "kan I stoppe alarmen?",
    "Varmepumpen stopper hele tiden",
    "stop alarmen",
    "jeg kan ikke stoppe vandet",
    "Please don't send the technician before ten",
    "don't text me before 10, I work nights",
    "skriv ikke til mig før kl. 10",
    "Send ikke teknikeren før tirsdag",
    "Lad være med at sende teknikeren",
    "Jeg får ikke flere beskeder fra jer, er der noget galt?",
    "I get no more texts from you, is something wrong?",
    "I don't want the invoice by mail",
    "We do not want this to happen again",
    "remove the old boiler from the basement",
    "Fjern den gamle kedel",
    "revoke the old quote and send a new one",
    "the app lets me opt in twice",
    "Send me a text",
    "Write to me when you are on the way",
    "Skriv til mig når I kører",
    "I'm interested",
    "jeg er interesseret",
    "ok",
    "👍",
    "",
    "   ",
    "...",
    "Thanks!\n\nOn Mon, 16 Nov 2026, Nordvarme wrote:\n> To unsubscribe reply STOP",
    "Tak\n\nFra: Nordvarme\nSvar STOP for at blive afmeldt",
    "What happens if I reply STOP?",
    "Dont stop",
    "the wrong number is on the invoice",
    "Tilmeld mig til serviceaftalen",
    "stopcock is leaking",
    "ENDE",
    "yesterday",
    "information",
  ],
};

const utterances = Object.entries(table).flatMap(([said, texts]) => texts.map((text) => [text, said] as const));

describe("what is said in", () => {
  test.each(utterances)("%j is %s", (text, said) => {
    expect(saidIn(text).said).toBe(said);
  });

  test("nothing at all is nothing", () => {
    expect(saidIn(null)).toEqual({ said: "none", language: null });
  });

  test("the language is told where the word tells it", () => {
    expect(
      ["AFMELD", "hjælp", "UNSUBSCRIBE", "STOP", "skriv ikke til mig mere"].map((text) => saidIn(text).language),
    ).toEqual(["da", "da", "en", null, "da"]);
  });
});

describe("any keyword", () => {
  const keywords = utterances.filter(([text, said]) => /^[A-Z]+$/.test(text) && said !== "none" && said !== "wish");
  const noise = fc.constantFrom("", " ", ".", "!", "?", "\n", "\u200b", "\u200d", "-", "*", "🙏", "\ufe0f", "…");

  test("means the same in any case, whatever signs stand around and inside it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...keywords),
        fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
        fc.array(noise, { minLength: 24, maxLength: 24 }),
        ([word, said], upper, signs) => {
          const dressed = [...word].map((c, i) => (upper[i] ? c : c.toLowerCase()) + (signs[i] ?? "")).join("");
          expect(saidIn((signs[23] ?? "") + dressed).said).toBe(said);
        },
      ),
    );
  });

  test("never opts out, in or anybody with another word beside it that is not of the same kind", () => {
    const other = fc.constantFrom(
      "boiler",
      "tuesday",
      "pumpen",
      "visit",
      "aftalen",
      "the",
      "you",
      "fredag",
      "2026",
      "at",
    );
    fc.assert(
      fc.property(fc.constantFrom(...keywords), other, fc.boolean(), ([word], beside, first) => {
        expect(["none", "wish"]).toContain(saidIn(first ? `${beside} ${word}` : `${word} ${beside}`).said);
      }),
    );
  });

  test("of hostile length is read in no time worth a name, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 1, max: 400 }), (text, times) => {
        expect(saidIn(text.repeat(times)).said).toMatch(/^(stop|start|yes|help|wish|none)$/);
      }),
      { numRuns: 60 },
    );
    expect(saidIn(`${"stop it ".repeat(20_000)}x`).said).toBe("none");
  });
});
