// What was asked for on the command line, and the machine it is measured on.
import { cpus, loadavg } from "node:os";

export const quick = process.argv.includes("--quick");
export const full = process.argv.includes("--full");

/** A smaller number for a look, the other one for a measurement. */
export const either = <T>(sizes: { quick: T; normal: T }): T => (quick ? sizes.quick : sizes.normal);

/** Printed first: figures of two machines, or of a busy one, are not to be compared. */
export function banner(name: string): void {
  const [processor] = cpus();
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
  console.log(
    `\n=== ${name}${quick ? " (quick: a look, not a measurement)" : ""} · Node ${process.versions.node} · ${cpus().length} × ${processor?.model.trim()} · load ${load}`,
  );
}
