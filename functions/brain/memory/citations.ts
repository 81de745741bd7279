/** An answer's sentences with the evidence they rest on, in the form in which it is stored and shown. */
import { instant } from "../kernel/schemas.ts";
import type { Quote, Source } from "./candidates.ts";
import { isFact } from "./facts.ts";

export type Sentence = { text: string; quotes: Quote[] };

export type Citation = {
  evidence_id: string;
  evidence_version: number;
  source_table: string;
  source_pk: string;
  chunk_id: string | null;
  quote: string;
  occurred_at: string;
};

export type Cited = { sentences: { text: string; citations: string[] }[]; citations: Citation[] };

/** The piece of the passage from the first quoted word to the last: still the source's own words. */
function spanning(source: Source, quotes: string[]): string {
  const places = quotes.map((quote) => {
    const from = source.text.indexOf(quote);
    if (from < 0) throw new Error("a quote is not in its source");
    return { from, to: from + quote.length };
  });
  return source.text.slice(Math.min(...places.map(({ from }) => from)), Math.max(...places.map(({ to }) => to)));
}

/** One citation for each piece of evidence; where a long source has several passages, the one quoted first stays (a fact stands by itself). */
export function cited(answer: Sentence[]): Cited {
  const sources = new Map<string, { source: Source; quotes: string[] }>();
  const sentences: Cited["sentences"] = [];
  for (const { text, quotes } of answer) {
    const stands = ({ source }: Quote) => (sources.get(source.evidence_id)?.source.id ?? source.id) === source.id;
    const citable = quotes.filter(stands);
    if (citable.length < quotes.length && !citable.some(({ source }) => isFact(source))) continue;
    for (const { source, quote } of citable) {
      const known = sources.get(source.evidence_id) ?? { source, quotes: [] };
      known.quotes.push(quote);
      sources.set(source.evidence_id, known);
    }
    sentences.push({ text, citations: [...new Set(citable.map(({ source }) => source.evidence_id))] });
  }
  const citations = [...sources.values()].map(({ source, quotes }) => ({
    evidence_id: source.evidence_id,
    evidence_version: source.evidence_version,
    source_table: source.source_table,
    source_pk: source.source_pk,
    chunk_id: isFact(source) ? null : source.id,
    quote: spanning(source, quotes),
    occurred_at: source.occurred_at,
  }));
  return { sentences, citations };
}

export const shownCitation = (citation: Citation) => ({
  id: citation.evidence_id,
  version: citation.evidence_version,
  source: { table: citation.source_table, pk: citation.source_pk },
  quote: citation.quote,
  occurred_at: instant(citation.occurred_at),
});
