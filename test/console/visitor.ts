/** A person with a browser that runs no script: keeps the cookie, reads pages, sends the forms he finds on them. */
import { password, publicUrl, type Tenant, type World } from "#test/kit/world.ts";

export type Page = { status: number; headers: Headers; html: string; place: string };

/** What a browser sends with a form of our own. */
const own = { origin: publicUrl, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };

export type Visitor = ReturnType<typeof visitor>;

export function visitor(w: World) {
  let cookie = "";
  let csrf = "";

  async function take(answer: Response): Promise<Page> {
    const set = answer.headers.get("set-cookie");
    if (set) cookie = set.split(";")[0] ?? "";
    const html = await answer.text();
    csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? csrf;
    return { status: answer.status, headers: answer.headers, html, place: answer.headers.get("location") ?? "" };
  }

  const get = async (path: string, headers: Record<string, string> = {}): Promise<Page> =>
    take(await w.fetch(path, { headers: { ...headers, ...(cookie ? { cookie } : {}) } }));

  /** `headers` replace what the browser would send. */
  const post = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    take(
      await w.fetch(path, {
        method: "POST",
        body: new URLSearchParams({ csrf, ...fields }).toString(),
        headers: { ...own, ...(cookie ? { cookie } : {}), ...headers },
      }),
    );

  return {
    get,
    post,
    /** A form with a file in its field `file`. */
    upload: async (path: string, file: Uint8Array<ArrayBuffer>, fields: Record<string, string>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ csrf, ...fields })) body.set(name, value);
      body.set("file", new Blob([file]), "picture");
      const { "content-type": _, ...headers } = own;
      return take(await w.fetch(path, { method: "POST", body, headers: { ...headers, cookie } }));
    },
    signIn: (tenant: Tenant, fields: Record<string, string> = {}) =>
      post("/console/login", { username: tenant.username, password, ...fields }),
    cookie: () => cookie,
    csrf: () => csrf,
  };
}

/** Signed in, with the first page read, so that forms have their proof. */
export async function signedIn(w: World, tenant: Tenant): Promise<Visitor> {
  const person = visitor(w);
  await person.signIn(tenant);
  await person.get("/console");
  return person;
}

/** What a person reads: tags gone, entities undone. */
export const textOf = (html: string): string =>
  html
    .replace(/<head>.*?<\/head>/s, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ")
    .trim();

/** The turns of a conversation page as a person reads them. */
export function threadIn(html: string): string {
  const start = html.indexOf('<ol class="turns"');
  return textOf(html.slice(start, html.indexOf("</section>", start)));
}
