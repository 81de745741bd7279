/** Google Drive on the laptop: files in memory below folders, changes since a page token, exports, and the token exchange. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { type Answer, type Asked, listen } from "../loopback.ts";
import { type Faults, faults } from "./faults.ts";

export type LocalFile = {
  id: string;
  name: string;
  parent: string;
  mimeType: string;
  modifiedTime: string;
  /** Of a folder: nothing. */
  content?: string;
  trashed?: boolean;
};

export type LocalDrive = {
  url: string;
  tokenUrl: string;
  files: LocalFile[];
  requests: string[];
  faults: Faults;
  /** Something has changed: page tokens given before now tell of it. */
  touch(fileId: string): void;
  pageSize(rows: number): void;
  close(): Promise<void>;
};

const google = "application/vnd.google-apps.";
export const docType = `${google}document`;
export const folderType = `${google}folder`;

const problem = (status: number, reason: string): Answer => ({
  status,
  json: { error: { code: status, message: reason, errors: [{ domain: "global", reason, message: reason }] } },
});

const shown = (file: LocalFile) => ({
  id: file.id,
  name: file.name,
  mimeType: file.mimeType,
  modifiedTime: file.modifiedTime,
  webViewLink: `https://drive.google.com/file/d/${file.id}/view`,
  ...(file.content === undefined || file.mimeType.startsWith(google)
    ? {}
    : {
        md5Checksum: createHash("md5").update(file.content).digest("hex"),
        size: String(Buffer.byteLength(file.content)),
      }),
});

/** `token` opens the API; `account` may get it for an assertion signed with its key (PEM). */
export async function startDrive(options: {
  token: string;
  account?: { email: string; publicKey: string };
}): Promise<LocalDrive> {
  const files: LocalFile[] = [];
  const requests: string[] = [];
  const fault = faults();
  const changed: string[] = [];
  let rows = 1000;

  function grant(body: Buffer): Answer {
    const form = new URLSearchParams(body.toString("utf8"));
    const [head = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    const said = JSON.parse(Buffer.from(claims, "base64url").toString("utf8") || "{}") as {
      iss?: string;
      aud?: string;
    };
    const { account } = options;
    const isRight =
      account !== undefined &&
      form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer" &&
      said.iss === account.email &&
      said.aud === "https://oauth2.googleapis.com/token" &&
      verify(
        "RSA-SHA256",
        Buffer.from(`${head}.${claims}`),
        createPublicKey(account.publicKey),
        Buffer.from(signature, "base64url"),
      );
    if (!isRight) return { status: 400, json: { error: "invalid_grant" } };
    return { status: 200, json: { access_token: options.token, expires_in: 3599, token_type: "Bearer" } };
  }

  function changesFrom(token: string): Answer {
    const since = changed.slice(Number(token));
    const next = { newStartPageToken: String(changed.length) };
    return {
      status: 200,
      json: {
        changes: since.slice(0, 1).map((fileId) => ({ fileId })),
        ...(since.length > 1 ? { nextPageToken: token } : next),
      },
    };
  }

  function listing(query: URLSearchParams): Answer {
    const parent = /^'([^']+)' in parents and trashed = false$/.exec(query.get("q") ?? "")?.[1];
    if (parent === undefined) return problem(400, "invalid");
    const all = files.filter((file) => file.parent === parent && !file.trashed);
    const from = Number(query.get("pageToken") ?? 0);
    const next = from + rows < all.length ? { nextPageToken: String(from + rows) } : {};
    return { status: 200, json: { files: all.slice(from, from + rows).map(shown), ...next } };
  }

  function content(id: string, isExport: boolean): Answer {
    const file = files.find((each) => each.id === id);
    if (file?.content === undefined) return problem(404, "notFound");
    if (file.mimeType.startsWith(google) !== isExport)
      return problem(403, isExport ? "exportNotSupported" : "fileNotDownloadable");
    return { status: 200, bytes: Buffer.from(file.content) };
  }

  function handle({ method, target, headers, body }: Asked): Answer {
    const { pathname, searchParams } = new URL(target, "http://drive.invalid");
    requests.push(`${method} ${pathname}`);
    const wrong = fault.at(pathname);
    if (wrong) return wrong;
    if (method === "POST" && pathname === "/token") return grant(body);
    if (headers["authorization"] !== `Bearer ${options.token}`) return problem(401, "authError");
    if (pathname === "/drive/v3/changes/startPageToken")
      return { status: 200, json: { startPageToken: String(changed.length) } };
    if (pathname === "/drive/v3/changes") return changesFrom(searchParams.get("pageToken") ?? "0");
    if (pathname === "/drive/v3/files") return listing(searchParams);
    const [, id = "", rest] = /^\/drive\/v3\/files\/([^/]+)(\/export)?$/.exec(pathname) ?? [];
    if (rest || searchParams.get("alt") === "media") return content(id, rest !== undefined);
    const file = files.find((each) => each.id === id);
    return file ? { status: 200, json: shown(file) } : problem(404, "notFound");
  }

  const server = await listen({ handle, failure: (message) => ({ error: { code: 500, message, errors: [] } }) });
  return {
    url: server.url,
    tokenUrl: `${server.url}/token`,
    files,
    requests,
    faults: fault,
    touch: (fileId) => void changed.push(fileId),
    pageSize: (wanted) => {
      rows = wanted;
    },
    close: () => server.close(),
  };
}
