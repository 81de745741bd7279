/** A guard taken out of the database, and how it must show. */
import type { Focus } from "./faults.ts";
import type { House } from "./house.ts";
import type { AreaOf } from "./sim.ts";

export type Mutant = {
  name: string;
  without: string;
  breaks: RegExp;
  /** What makes it show sooner. */
  focus?: Focus;
  /** Who takes part, when others would only take up time. */
  areas?: readonly AreaOf[];
  steps?: number;
  apply(house: House): Promise<() => Promise<void>>;
};

/** Replaces text in an installed function, wherever it stands; the text must be there. */
export const inFunction =
  (name: string, was: string, becomes: string) =>
  async (house: House): Promise<() => Promise<void>> => {
    const [row] = await house.query("select pg_get_functiondef($1::regproc) as text", [name]);
    const text = String(row?.["text"]);
    if (!text.includes(was)) throw new Error(`${name} has no "${was}"`);
    await house.exec(text.replaceAll(was, becomes));
    return () => house.exec(text);
  };

export const byScript = (there: string, back: string) => async (house: House) => {
  await house.exec(there);
  return () => house.exec(back);
};
