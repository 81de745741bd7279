/** What is used of the telephone library: its tables are 32 KB that few requests need, so this file is loaded late. */
import {
  type CountryCode,
  type MetadataJson,
  type PhoneNumber,
  parsePhoneNumberFromString as parse,
} from "libphonenumber-js/core";
import { tables } from "./phone-tables.ts";

const metadata = JSON.parse(tables) as MetadataJson;

export const isSupportedCountry = (region: string): region is CountryCode => Object.hasOwn(metadata.countries, region);

/** The whole text is a number, or there is none. */
export const numberIn = (typed: string, defaultCountry: CountryCode): PhoneNumber | undefined =>
  parse(typed, { defaultCountry, extract: false }, metadata);
