/** The stylesheet, the script and the icon, each under the hash of its content, so that browsers may keep them for good. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { sha256 } from "../digest.ts";
import type { App } from "../runtime.ts";
import { icon } from "./mark.ts";
import { script } from "./script.ts";
import { ask } from "./style/ask.ts";
import { board } from "./style/board.ts";
import { campaigns } from "./style/campaigns.ts";
import { day } from "./style/day.ts";
import { frame } from "./style/frame.ts";
import { inbox } from "./style/inbox.ts";
import { jobs } from "./style/jobs.ts";
import { knowledge } from "./style/knowledge.ts";
import { outbound } from "./style/outbound.ts";
import { people } from "./style/people.ts";
import { rehearsal } from "./style/rehearsal.ts";
import { tokens } from "./style/tokens.ts";
import { world } from "./style/world.ts";

type Asset = { path: string; type: string; text: string };
export type Assets = { style: string; script: string; icon: string; byPath: Map<string, Asset> };

async function asset(name: string, content: Omit<Asset, "path">): Promise<Asset> {
  const [stem, ending] = name.split(".");
  return { path: `/console/assets/${stem}-${(await sha256(content.text)).slice(0, 16)}.${ending}`, ...content };
}

async function make(): Promise<Assets> {
  const style = [tokens, frame, inbox, ask, outbound, campaigns, jobs, knowledge, people, board, day, rehearsal, world]
    .join("")
    .replaceAll(/\s*\n\s*/g, "\n");
  const made = await Promise.all([
    asset("console.css", { type: "text/css; charset=utf-8", text: style }),
    asset("console.js", { type: "text/javascript; charset=utf-8", text: script }),
    asset("mark.svg", { type: "image/svg+xml", text: icon }),
  ]);
  return {
    style: made[0].path,
    script: made[1].path,
    icon: made[2].path,
    byPath: new Map(made.map((one) => [one.path, one])),
  };
}

let made: Promise<Assets> | undefined;

/** Hashed once an isolate, when the first page is asked for. */
export function assets(): Promise<Assets> {
  made ??= make();
  return made;
}

export async function serveAsset(c: Context<App>): Promise<Response> {
  const found = (await assets()).byPath.get(c.req.path);
  if (!found) throw new Fault("not_found", "route_unknown");
  c.header("content-type", found.type);
  c.header("cache-control", "public, max-age=31536000, immutable");
  return c.body(found.text);
}
