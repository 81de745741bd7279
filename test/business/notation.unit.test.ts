// The notation that the dialogues are written in.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trades } from "#local/business/customers.ts";
import { actsDa } from "#local/business/data/acts-da.ts";
import { actsEn } from "#local/business/data/acts-en.ts";
import { loaners } from "#local/business/data/places.ts";
import { asks, reversed, vias } from "#local/business/data/questions.ts";
import { siteDa, siteEn } from "#local/business/data/site-acts.ts";
import * as small from "#local/business/data/small.ts";
import { acts, fill } from "#local/business/phrases.ts";
import { seeded } from "#local/business/seeded.ts";
import { lives } from "#local/business/topics.ts";

describe("slots", () => {
  test("are filled, with a capital where asked for", () => {
    expect(fill("{Asset} {place}: {asset}", { asset: "the boiler", place: "upstairs" })).toBe(
      "The boiler upstairs: the boiler",
    );
  });

  test("without a filling are refused", () => {
    expect(() => fill("{asset} {price}", { asset: "x" })).toThrow("{price}");
  });
});

describe("both languages say the same things", () => {
  const shape = (text: string) =>
    [...acts(text)].map(([name, { moment, ways }]) => [
      name,
      moment,
      ways.map((way) => way.flatMap(({ facts }) => facts)),
    ]);

  test("in the acts of a job and of a place", () => {
    expect(shape(actsDa)).toEqual(shape(actsEn));
    expect(shape(siteDa)).toEqual(shape(siteEn));
  });

  test("about every fault, cause by cause", () => {
    for (const { name, faults } of [...trades.heat, ...trades.repair]) {
      expect(loaners[name]?.length, name).toBeGreaterThan(0);
      for (const { name: fault, en, da } of faults) {
        expect(Object.keys(da), fault).toEqual(Object.keys(en));
        expect([da["cause"]?.length, en["found"]?.length, da["found"]?.length], fault).toEqual(
          Array(3).fill(en["cause"]?.length),
        );
      }
    }
  });

  test("in every list whose entries stand for each other", () => {
    const paired = [
      small.months,
      small.moveReasons,
      small.payReasons,
      small.wrongs,
      small.wrongsFar,
      small.preferences,
      small.prizes,
    ];
    for (const { en, da } of [...paired, ...Object.values(small.extras), ...Object.values(small.extrasFar)])
      expect(da.length).toBe(en.length);
    expect(small.wrongsFar.en.length).toBe(small.wrongs.en.length);
    for (const kind of ["heat", "appliance", "bike"] as const)
      expect(small.extrasFar[kind].en.length).toBe(small.extras[kind].en.length);
  });

  test("in small talk and in the questions", () => {
    for (const { name, words, answer } of lives) {
      expect(Object.keys(words.da), name).toEqual(Object.keys(words.en));
      expect(answer, name).not.toBe("");
    }
    for (const text of [asks, reversed, vias]) {
      const keys = (language: string) =>
        [...text.matchAll(new RegExp(`^${language} ([\\w ]+):`, "gm"))].map(([, key]) => key);
      expect(keys("da")).toEqual(keys("en"));
    }
  });
});

describe("seeded choices", () => {
  test("repeat for a seed, differ between seeds and between forks", () => {
    const run = (seed: string) => Array.from({ length: 8 }, seeded(seed).next);
    expect(run("a")).toEqual(run("a"));
    expect(run("a")).not.toEqual(run("b"));
    expect(seeded("a").fork("x").next()).not.toBe(seeded("a").fork("y").next());
  });

  test("stay in their bounds, and a shuffle loses nothing", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: -50, max: 50 }),
        fc.nat(40),
        fc.array(fc.integer()),
        (seed, min, width, list) => {
          const random = seeded(seed);
          const drawn = random.int(min, min + width);
          expect(drawn >= min && drawn <= min + width).toBe(true);
          expect(random.shuffle(list).sort()).toEqual([...list].sort());
        },
      ),
    );
  });

  test("are spread evenly enough to believe in", () => {
    const random = seeded("even");
    const counts = Array(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[random.int(0, 9)]++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});
