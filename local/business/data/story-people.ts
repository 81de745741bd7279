/** The demo's customers: invented names, example domains, numbers that belong to nobody we know. */
import type { StoryPerson } from "../script.ts";

export const storyPeople: readonly StoryPerson[] = [
  { key: "mette", name: "Mette Holm", language: "da", phone: "+45 20 30 40 51", email: "mette.holm@example.dk" },
  { key: "tom", name: "Tom Bradley", language: "en", phone: "+45 20 30 77 18" },
  { key: "jytte", name: "Jytte Sørensen", language: "da", phone: "+45 20 41 66 09" },
  { key: "sofie", name: "Sofie Bang", language: "da", phone: "+45 20 62 13 84", email: "sofiebang@example.dk" },
  { key: "peter", name: "Peter Lindqvist", language: "en", phone: "+45 20 92 05 37", email: "peter.l@example.com" },
  { key: "ole", name: "Ole Thomsen", language: "da", phone: "+45 20 15 93 70", email: "ole.thomsen@example.dk" },
  {
    key: "mads",
    name: "Mads Lauritzen",
    language: "da",
    phone: "+45 20 84 22 61",
    email: "mads@strandhoej.example.dk",
  },
  { key: "nadia", name: "Nadia Rahimi", language: "da", phone: "+45 20 47 58 12", email: "nadia@cafekanel.example.dk" },
  { key: "birgitte", name: "Birgitte Krogh", language: "da", phone: "+45 20 39 81 46", email: "b.krogh@example.dk" },
  { key: "lars", name: "Lars Overgaard", language: "da", phone: "+45 20 76 30 95" },
  { key: "daniel", name: "Daniel O'Connor", language: "en", phone: "+44 7700 900142", email: "d.oconnor@example.com" },
  {
    key: "emma",
    name: "Emma Whitfield",
    language: "en",
    phone: "+45 20 58 64 23",
    email: "emma@larkfield.example.com",
  },
  { key: "henrik", name: "Henrik Vestergaard", language: "da", phone: "+45 20 23 97 50", email: "hv@example.dk" },
  { key: "rasmus", name: "Rasmus Kjær", language: "da", phone: "+45 20 90 11 67", email: "rasmus.kjaer@example.dk" },
  { key: "hannah", name: "Hannah Reid", language: "en", phone: "+44 7700 900387", email: "hannah.reid@example.com" },
  { key: "amira", name: "Amira Haddad", language: "en", phone: "+45 20 67 49 02", email: "amira.h@example.com" },
  {
    key: "grace",
    name: "Grace Miller",
    language: "en",
    phone: "+45 20 11 85 33",
    email: "grace@torvetdental.example.com",
  },
  {
    key: "kasper",
    name: "Kasper Winther",
    language: "da",
    phone: "+45 20 53 26 78",
    email: "kasper.winther@example.dk",
  },
];
