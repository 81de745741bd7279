/** Refusals that other words mend: said above the form, which keeps what was typed. */
import type { Fault } from "#brain/kernel/fault.ts";
import { Sign } from "./signs.tsx";
import { sayFault } from "./trouble.tsx";

/** `named`: fields as the form calls them, by their pointer's last step. */
export function saidOf(fault: Fault, named: Record<string, string>): string[] {
  const said = (fault.extra.errors ?? []).map(({ pointer, detail }) => {
    const steps = pointer.split("/").slice(1);
    const known = steps.find((step) => Object.hasOwn(named, step));
    return `${(known && named[known]) ?? sentenceOf(steps)}: ${detail}.`;
  });
  return said.length > 0 ? [...new Set(said)] : [sayFault(fault)];
}

const sentenceOf = (steps: string[]): string => steps.filter((step) => !/^\d+$/.test(step)).join(" ") || "It";

export const Complaints = ({ said }: { said: string[] | undefined }) =>
  said && said.length > 0 ? (
    <div class="notice bad" role="alert">
      <Sign shape="warning" />
      <div>
        {said.map((line) => (
          <p>{line}</p>
        ))}
      </div>
    </div>
  ) : null;
