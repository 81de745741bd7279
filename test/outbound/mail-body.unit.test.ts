// An e-mail's words, plain and as HTML: the same words, and nobody's markup.
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHtml, mailBody } from "#brain/outbound/mail-body.ts";

const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

/** What a reader of the HTML reads. */
const readIn = (html: string): string =>
  html
    .replaceAll("<br>", "\n")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&[a-z#0-9]+;/g, (sign) => entities[sign] ?? sign);

const pieces = fc.constantFrom(
  "<b>",
  "</p>",
  "&",
  "&lt;",
  '"',
  "'",
  "\n",
  "https://a.example/x",
  "javascript:x",
  ".",
  " ",
  "é",
  "🔧",
  "-->",
);
const words = fc.array(fc.oneof(pieces, fc.string({ unit: "grapheme" })), { maxLength: 20 }).map((all) => all.join(""));

test("the HTML says what the text says, and holds no markup but ours", () => {
  fc.assert(
    fc.property(words, (body) => {
      const { text, html } = mailBody({ body, language: "en" });
      expect(text).toBe(body);
      const inside = html.slice(html.indexOf("<body>") + 6, html.lastIndexOf("</body>"));
      expect(readIn(inside)).toBe(body.replaceAll("\r\n", "\n"));
      const marks = inside.match(/<[^>]*>/g) ?? [];
      expect(marks.filter((mark) => !/^(<br>|<\/a>|<a href="https:\/\/[^"<>]*">)$/.test(mark))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("a link is followed without the full stop behind it, and only https is a link", () => {
  expect(asHtml("See https://a.example/x?b=1&c=2. Or http://a.example")).toBe(
    'See <a href="https://a.example/x?b=1&amp;c=2">https://a.example/x?b=1&amp;c=2</a>. Or http://a.example',
  );
  expect(asHtml("(https://a.example)")).toBe('(<a href="https://a.example">https://a.example</a>)');
});

test("below marketing stand the postal address and the way out, in the reader's language, in both", () => {
  const unsubscribe = "https://o.example/v1/outbound/unsubscribe/a.b.c";
  const { text, html } = mailBody({
    body: "Tilbud!\n",
    language: "da",
    unsubscribe,
    postal: "Havnegade 1\n5000 <Odense>",
  });
  expect(text).toBe(`Tilbud!\n\n-- \nHavnegade 1\n5000 <Odense>\nAfmeld: ${unsubscribe}`);
  expect(html).toContain(`<small>Havnegade 1<br>5000 &lt;Odense&gt;<br><a href="${unsubscribe}">Afmeld</a></small>`);
  const bare = mailBody({ body: "Sale!", language: "fr", unsubscribe, postal: " " });
  expect(bare.text).toBe(`Sale!\n\n-- \nUnsubscribe: ${unsubscribe}`);
  expect(bare.html).toContain('<html lang="fr">');
});
