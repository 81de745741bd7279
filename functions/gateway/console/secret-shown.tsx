/** A secret that is shown this one time, to be copied. */
import type { Seat } from "./seat.ts";
import { Sign } from "./signs.tsx";

export const SecretShown = ({ label, secret }: { label: string; secret: string }) => (
  <div class="notice good" role="status">
    <Sign shape="lock" />
    <div>
      <p>{label} It is not kept and cannot be shown again.</p>
      <code class="hook">{secret}</code>
    </div>
  </div>
);

/** Said before a form is filled in for nothing. */
export const AskedAgain = ({ seat, place }: { seat: Seat; place: string }) =>
  seat.isProven || !seat.permissions.includes("identity:write") ? null : (
    <p class="notice">
      <Sign shape="lock" />
      <span>
        You signed in a while ago. To change something here,{" "}
        <a class="link" href={`/console/confirm?to=${encodeURIComponent(place)}`}>
          give your password again
        </a>{" "}
        first.
      </span>
    </p>
  );

/** What every form of these pages carries. */
export const Proof = ({ seat }: { seat: Seat }) => (
  <>
    <input type="hidden" name="csrf" value={seat.csrf} />
    <input type="hidden" name="once" value={seat.once} />
  </>
);
