/** Documents written elsewhere: one port, an adapter for each place. */
import type { DocumentPlace, Documents } from "#brain/kernel/ports.ts";
import { gdrive } from "./documents/gdrive.ts";
import { github } from "./documents/github.ts";
import { notion } from "./documents/notion.ts";

/** Bases of the APIs: the vendors' own, or stand-ins by configuration. Nothing a tenant says changes them. */
export type DocumentSettings = {
  github: string;
  notion: string;
  google: string;
  googleToken: string;
  now?: () => Date;
};

export function documents(settings: DocumentSettings): Documents {
  const now = settings.now ? { now: settings.now } : {};
  const places: Record<DocumentPlace["source"], Documents> = {
    github: github({ url: settings.github, ...now }),
    notion: notion({ url: settings.notion, ...now }),
    gdrive: gdrive({ url: settings.google, tokenUrl: settings.googleToken, ...now }),
  };
  return {
    list: (place, at) => places[place.source].list(place, at),
    read: (place, entry) => places[place.source].read(place, entry),
    isGone: (place, entry) => places[place.source].isGone(place, entry),
  };
}
