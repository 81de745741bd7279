/** What an SMS costs in parts, and which characters make it dearer. */
import { culpritWords, segmentWords } from "./outbound-words.ts";
import type { Review } from "./shapes.ts";
import { State } from "./signs.tsx";
import { counted } from "./words.ts";

export const Cost = ({ sms }: { sms: NonNullable<Review["sms"]> }) => (
  <span class="state-line">
    <span>{segmentWords(sms)}</span>
    {sms.culprits.length > 0 ? (
      <State tone="wait" shape="warning">
        {sms.cheaper ? "Dearer" : "Less room"} because of {culpritWords(sms.culprits)}
      </State>
    ) : null}
    {sms.cheaper ? (
      <span class="soft">
        {counted(sms.cheaper.parts, "part")} as: {sms.cheaper.text}
      </span>
    ) : null}
  </span>
);
