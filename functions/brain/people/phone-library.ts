/** What is used of the telephone library: its tables are 80 KB that few requests need, so this file is loaded late. */
export { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
