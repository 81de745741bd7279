// Speaks as the serving role, past the kernel: whoever could run SQL of his own with a tenant's scope set.
import { neon, neonConfig } from "@neondatabase/serverless";
import type { Tenant, World } from "#test/kit/world.ts";

type Scope = Pick<Tenant, "project" | "accountScope"> & { user?: string };
export type Told = { rows: Record<string, unknown>[]; count: number } | { code: string; message: string };

export type Speak = (scope: Scope | null, ...statements: string[]) => Promise<Told>;

/** The last statement's answer, or the error of any; everything in one transaction. */
export function servingRole(w: World): Speak {
  return async (scope, ...statements) => {
    neonConfig.fetchEndpoint = w.neon.url;
    const client = neon(w.neon.appUrl, { fullResults: true });
    const enter = client.query(
      "select set_config('app.project_id', $1, true), set_config('app.account_scope_id', $2, true), set_config('app.user_id', $3, true)",
      [scope?.project ?? "", scope?.accountScope ?? "", scope?.user ?? ""],
    );
    try {
      const answers = await client.transaction([enter, ...statements.map((statement) => client.query(statement))]);
      const last = answers.at(-1) as unknown as { rows: Record<string, unknown>[]; rowCount: number };
      return { rows: last.rows, count: last.rowCount };
    } catch (thrown) {
      const { code = "", message = "" } = thrown as { code?: string; message?: string };
      return { code, message };
    }
  };
}

export const codeOf = (told: Told): string => ("code" in told ? told.code : "done");
