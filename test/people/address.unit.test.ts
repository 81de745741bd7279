// Addresses as they are compared: what a person types, and what it is.
import examples from "libphonenumber-js/examples.mobile.json";
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import metadata from "libphonenumber-js/min/metadata";
import { describe, expect, test } from "vitest";
import { callingCodes, emailNorm, phoneNorm } from "#brain/people/index.ts";
import { tables } from "#brain/people/phone-tables.ts";

describe("a telephone number", () => {
  test.each([
    ["20 30 40 50", "DK", "+4520304050"],
    ["20304050", "DK", "+4520304050"],
    ["+45 20 30 40 50", "SE", "+4520304050"],
    ["0045 20304050", "DK", "+4520304050"],
    ["+44 (0)20 7946-0958", "DK", "+442079460958"],
    ["070-123 45 67", "SE", "+46701234567"],
    ["020 7946 0958", "GB", "+442079460958"],
    ["(212) 555-0123", "US", "+12125550123"],
    ["20 30 40 50", "nowhere", "+4520304050"],
  ])("%s typed in %s is %s", async (typed, region, norm) => {
    expect(await phoneNorm(typed, region)).toBe(norm);
  });

  test.each([
    "",
    "Mette",
    "12",
    "+45",
    "20 30",
    "+999 123 456 78",
    "20304050 ext. 7",
    "call 20304050 now",
    "+45 20 30 40 50 60 70 80 90",
  ])("%j is none", async (typed) => {
    expect(await phoneNorm(typed, "DK")).toBeNull();
  });
});

test("the calling codes are those of the library", () => {
  expect(JSON.parse(callingCodes())).toEqual(
    Object.fromEntries(getCountries().map((country) => [country, getCountryCallingCode(country)])),
  );
});

describe("the tables of numbers", () => {
  test("are the library's, without the formats", () => {
    const FORMATS = 4;
    const without = (plan: unknown[]) => plan.map((part, place) => (place === FORMATS ? 0 : part));
    const bare = (plans: object) =>
      Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, without(plan as unknown[])]));
    const { countries, nonGeographic } = metadata as unknown as Record<"countries" | "nonGeographic", object>;
    expect(JSON.parse(tables)).toEqual({ ...metadata, countries: bare(countries), nonGeographic: bare(nonGeographic) });
  });

  /** A whole library's answer to what this product asks. */
  const whole = (typed: string, defaultCountry: CountryCode) => {
    const found = parsePhoneNumberFromString(typed, { defaultCountry, extract: false });
    return found?.isPossible() && !found.ext ? found.number : null;
  };
  const spellings = (country: CountryCode): string[] => {
    const example = parsePhoneNumberFromString(examples[country] ?? "", country);
    if (!example) return [];
    const { number, nationalNumber } = example;
    return [
      example.formatNational(),
      example.formatInternational(),
      number,
      `00${number.slice(1)}`,
      `${nationalNumber}7`,
    ];
  };
  test("read each country's numbers as the whole library does", async () => {
    const asked = getCountries().flatMap((country) =>
      spellings(country).flatMap((typed) => [
        { typed, country },
        { typed, country: "DK" as const },
      ]),
    );
    expect(asked.length).toBeGreaterThan(2000);
    const read = await Promise.all(asked.map(({ typed, country }) => phoneNorm(typed, country)));
    expect(read).toEqual(asked.map(({ typed, country }) => whole(typed, country)));
  });
});

describe("an e-mail address", () => {
  test("has one case and no blanks around it", () => {
    expect(emailNorm("  Mette.Holm@Example.DK ")).toBe("mette.holm@example.dk");
  });
  test.each([
    "mette",
    "mette@",
    "@example.dk",
    "a b@example.dk",
    "Mette <mette@example.dk>",
    `${"a".repeat(65)}@example.dk`,
  ])("%j is none", (typed) => {
    expect(emailNorm(typed)).toBeNull();
  });
});
