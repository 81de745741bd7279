/** The table of REST routes, one file per domain. */
import type { Route } from "../route.ts";
import { routes as assistant } from "./assistant.ts";
import { routes as calendar } from "./calendar.ts";
import { routes as crm } from "./crm.ts";
import { routes as field } from "./field.ts";
import { routes as identity } from "./identity.ts";
import { routes as inbox } from "./inbox.ts";
import { routes as insight } from "./insight.ts";
import { routes as memory } from "./memory.ts";
import { routes as outbound } from "./outbound.ts";
import { routes as people } from "./people.ts";
import { routes as shared } from "./shared.ts";
import { routes as vault } from "./vault.ts";
import { routes as world } from "./world.ts";

export const routes: readonly Route[] = [
  ...assistant,
  ...calendar,
  ...crm,
  ...field,
  ...identity,
  ...inbox,
  ...insight,
  ...memory,
  ...outbound,
  ...people,
  ...shared,
  ...vault,
  ...world,
];
