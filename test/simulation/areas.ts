/** The areas of the product that take part in every simulation. */
import { inbox } from "./inbox.ts";
import { letters } from "./letters.ts";
import { memory } from "./memory.ts";
import { operators } from "./operators.ts";
import { outbound } from "./outbound.ts";
import { reconcile } from "./reconcile.ts";
import { schedules } from "./schedules.ts";
import type { AreaOf } from "./sim.ts";
import { staff } from "./staff.ts";

export const areas: readonly AreaOf[] = [inbox, memory, staff, operators, letters, schedules, reconcile, outbound];
