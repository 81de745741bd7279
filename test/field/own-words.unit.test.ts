// Where a mail's own words end, for mail programs in two languages; and when nothing may be cut.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutOf, wordsOf } from "#brain/field/own-words.ts";

const own = "Hej Lars,\n\nKan I komme torsdag i stedet?\n\nVenlig hilsen\nMette";
const kept = (mail: string) => mail.slice(0, cutOf(mail) ?? mail.length).trimEnd();

describe("own words end", () => {
  test.each([
    [
      "Gmail, Danish",
      "Den man. 16. nov. 2026 kl. 09.12 skrev Nordvarme Service <service@nordvarme.example>:\n\n> Vi kommer onsdag.\n> Lars",
    ],
    [
      "Gmail, Danish, over two lines",
      "Den man. 16. nov. 2026 kl. 09.12 skrev Nordvarme Service <\nservice@nordvarme.example>:\n> Vi kommer onsdag.",
    ],
    [
      "Gmail, English",
      "On Mon, Nov 16, 2026 at 9:12 AM Nordvarme <service@nordvarme.example> wrote:\n> We come on Wednesday.",
    ],
    [
      "Apple, English, over two lines",
      "On 16 Nov 2026, at 09.12, Nordvarme Service\n<service@nordvarme.example> wrote:\n\n> We come on Wednesday.",
    ],
    [
      "Outlook, Danish",
      "Fra: Nordvarme Service <service@nordvarme.example>\nSendt: 16. november 2026 09:12\nTil: Mette Holm\nEmne: Besøg\n\nVi kommer onsdag.",
    ],
    [
      "Outlook, English",
      "From: Nordvarme Service <service@nordvarme.example>\nSent: Monday, November 16, 2026 9:12 AM\nTo: Mette Holm\nSubject: Visit\n\nWe come on Wednesday.",
    ],
    ["old Outlook", "-----Oprindelig meddelelse-----\nFra: Lars\nVi kommer onsdag."],
    ["a bare quote", "> Vi kommer onsdag.\n> Lars\n"],
    ["a telephone's signature", "Sendt fra min iPhone"],
    [
      "a telephone's signature before a quote",
      "Sendt fra min iPhone\n\nDen 16. nov. 2026 kl. 09.12 skrev Nordvarme <s@nordvarme.example>:\n\n> Vi kommer onsdag.",
    ],
  ])("%s", (_, rest) => {
    expect(kept(`${own}\n\n${rest}`)).toBe(own);
  });
});

describe("nothing is cut", () => {
  test.each([
    [
      "answers between the quotes",
      "Den man. 16. nov. 2026 kl. 09.12 skrev Lars <l@nordvarme.example>:\n> Passer onsdag?\nNej, torsdag.\n> Har I en nøgle?\nJa.",
    ],
    ["nothing but a quote", "> Vi kommer onsdag."],
    ["a mail that is only passed on", "---------- Forwarded message ---------\nFrom: Lars\nVi kommer onsdag."],
    [
      "words that only look like it",
      "Den anden dag skrev jeg om pumpen.\nOn Monday we agreed.\nFra: nu af vil jeg have besked.\nMette",
    ],
    [
      "a signature in the middle",
      "Sendt fra min telefon, undskyld stavefejl.\nMen altså: kom torsdag.\nOg tag pumpen med.\nHilsen",
    ],
  ])("%s", (_, mail) => {
    expect(cutOf(mail)).toBeNull();
  });

  test("beyond the text, before its first word, or twice differently", () => {
    const line = fc.constantFrom(
      "Hej",
      "> citat",
      "",
      "Den 16. nov. 2026 skrev Lars <l@x.example>:",
      "Fra: L",
      "Sendt: i dag",
      "Sendt fra min iPhone",
      "-- ",
      "æøå 🙂",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const mail = lines.join("\n");
        const cut = cutOf(mail);
        if (cut === null) return;
        expect(cut).toBeGreaterThan(0);
        expect(cut).toBeLessThan(mail.length);
        expect(mail.slice(0, cut).trim()).not.toBe("");
      }),
      { numRuns: 2000, seed: 20261122 },
    );
  });
});

test("markup becomes words: no tag, no script, no style, whatever is left open", () => {
  expect(
    wordsOf(
      '<style>p{color:red}</style><p>Hej&nbsp;Lars</p><script>alert("x")</script><div>Kom kl.&#32;10 &amp; ring</div>',
    ),
  ).toBe("Hej Lars\nKom kl. 10 & ring");
  expect(wordsOf("<p>one<br>two<p>three</p><!-- hidden --><img src=x onerror=alert(1)")).toBe("one\ntwo\nthree");
  expect(wordsOf("<scr<script>x</script>ipt>alert(1)</script>plain")).not.toContain("<");
});
