/** What the provider tells of messages that it took: late, twice, not at all, the last word first. */
import { publicUrl } from "#test/kit/world.ts";
import type { Network, Report } from "./carrier.ts";
import type { Move, Sim } from "./sim.ts";
import { tellAs } from "./texts.ts";

/** Reports that were answered with success: they count from then on. */
export type Told = Map<string, Set<string>>;

export function reports(sim: Sim, { network, told, often }: { network: Network; told: Told; often: number }): Move[] {
  const [first] = network.reports;
  if (!first) return [];
  const send = () => {
    const overtaken = network.reports.length > 1 && sim.faults.strikes("report.overtaken", 0.25);
    const report = overtaken ? sim.rng.pick(network.reports.slice(1)) : first;
    network.reports.splice(network.reports.indexOf(report), 1);
    if (sim.faults.strikes("report.lost", 0.1)) return;
    if (sim.faults.strikes("report.repeated", 0.12)) network.reports.push(report);
    hand(sim, report, told);
  };
  return [{ weight: often, run: send }];
}

function hand(sim: Sim, { taken, status, url }: Report, told: Told): void {
  if (status === "undelivered") taken.failed = true;
  const form = {
    MessageSid: taken.id,
    MessageStatus: status,
    ...(status === "undelivered" ? { ErrorCode: "30003" } : {}),
  };
  const path = url.slice(publicUrl.length);
  tellAs(sim, { label: `report ${status} of ${taken.id}`, path, form }, (answer) => {
    if (answer && answer.status < 300) told.set(taken.id, (told.get(taken.id) ?? new Set()).add(status));
  });
}
