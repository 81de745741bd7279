/** GitHub on the laptop: repositories in memory, the calls that documents are read with, and push webhooks. */
import { createHash, createHmac, randomUUID } from "node:crypto";
import { type Answer, type Asked, listen } from "../loopback.ts";
import { type Faults, faults } from "./faults.ts";

export type LocalGithub = {
  port: number;
  url: string;
  /** Requests so far, as `METHOD path`. */
  requests: string[];
  faults: Faults & {
    /** Recursive trees of more entries than this are cut short. */
    truncateAt(entries: number): void;
  };
  repository(name: string, files: Record<string, string | Uint8Array>): Repository;
  close(): Promise<void>;
};

export type Repository = {
  /** Null takes a file away. */
  commit(changes: Record<string, string | Uint8Array | null>): string;
  rename(name: string): void;
  /** Sends what GitHub sends after a push; resolves with the status. */
  push(hook: { url: string; secret: string }, more?: Partial<Push>): Promise<number>;
};

type Push = { event: string; ref: string; delivery: string; body: Record<string, unknown> };
type Held = { name: string; id: number; files: Map<string, Buffer>; commits: number };
type Item = { path: string; mode: string; type: "blob" | "tree"; sha: string; size?: number };

const sha1 = (...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha1")).digest("hex");
const blobSha = (content: Buffer) => sha1(`blob ${content.length}\0`, content);
const notFound: Answer = { status: 404, json: { message: "Not Found", documentation_url: "", status: "404" } };

/** Paths below a folder, seen from it. */
const below = (held: Held, folder: string) =>
  [...held.files].flatMap(([path, content]) => {
    if (folder === "") return [{ path, content }];
    return path.startsWith(`${folder}/`) ? [{ path: path.slice(folder.length + 1), content }] : [];
  });

const treeSha = (held: Held, folder: string): string =>
  sha1(
    `tree ${folder}\n`,
    below(held, folder)
      .map(({ path, content }) => `${path} ${blobSha(content)}`)
      .sort()
      .join("\n"),
  );

function foldersOf(held: Held): string[] {
  const found = new Set([""]);
  for (const path of held.files.keys()) {
    const parts = path.split("/").slice(0, -1);
    for (let i = 1; i <= parts.length; i++) found.add(parts.slice(0, i).join("/"));
  }
  return [...found];
}

function itemsOf(held: Held, folder: string, isDeep: boolean): Item[] {
  const files = below(held, folder);
  const blob = ({ path, content }: (typeof files)[number]): Item => {
    const isLink = path.endsWith(".link.md");
    return { path, mode: isLink ? "120000" : "100644", type: "blob", sha: blobSha(content), size: content.length };
  };
  const full = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const inside = foldersOf(held).filter((each) => each !== folder && (folder === "" || each.startsWith(`${folder}/`)));
  const trees = inside.map((each) => (folder === "" ? each : each.slice(folder.length + 1)));
  const shown = [
    ...trees.map((path): Item => ({ path, mode: "040000", type: "tree", sha: treeSha(held, full(path)) })),
    ...files.map(blob),
  ];
  return (isDeep ? shown : shown.filter(({ path }) => !path.includes("/"))).sort((a, b) => (a.path < b.path ? -1 : 1));
}

export async function startGithub(
  options: { port?: number; token?: string; now?: () => Date } = {},
): Promise<LocalGithub> {
  const held: Held[] = [];
  const requests: string[] = [];
  const fault = faults();
  let most = 100_000;

  function treeAnswer(repository: Held, sha: string, isDeep: boolean): Answer {
    const folder = foldersOf(repository).find((each) => treeSha(repository, each) === sha);
    if (folder === undefined) return notFound;
    const items = itemsOf(repository, folder, isDeep);
    const truncated = isDeep && items.length > most;
    return { status: 200, json: { sha, truncated, tree: truncated ? items.slice(0, most) : items } };
  }

  function blobAnswer(repository: Held, sha: string, accept: string): Answer {
    const content = [...repository.files.values()].find((each) => blobSha(each) === sha);
    if (!content) return notFound;
    if (accept.includes("raw"))
      return { status: 200, bytes: content, headers: { "content-type": "application/octet-stream" } };
    return {
      status: 200,
      json: { sha, size: content.length, encoding: "base64", content: content.toString("base64") },
    };
  }

  function commitAnswer(repository: Held, asked: Asked): Answer {
    if (repository.files.size === 0)
      return { status: 409, json: { message: "Git Repository is empty.", status: "409" } };
    const tree = treeSha(repository, "");
    const sha = sha1(`commit ${repository.commits} ${tree}`);
    const etag = `W/"${sha1(sha)}"`;
    if (asked.headers["if-none-match"] === etag) return { status: 304, headers: { etag } };
    return { status: 200, json: { sha, commit: { tree: { sha: tree } } }, headers: { etag } };
  }

  function handle(asked: Asked): Answer {
    const { pathname, searchParams } = new URL(asked.target, "http://github.invalid");
    requests.push(`${asked.method} ${pathname}`);
    if (!asked.headers["user-agent"])
      return { status: 403, json: { message: "Request forbidden by administrative rules." } };
    const wrong = fault.at(pathname);
    if (wrong) return wrong;
    if (options.token && asked.headers["authorization"] !== `Bearer ${options.token}`)
      return { status: 401, json: { message: "Bad credentials", status: "401" } };
    const [, owner, name, rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
    const [, number, path = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(pathname) ?? [];
    const repository = held.find((each) => each.name === `${owner}/${name}` || String(each.id) === number);
    if (!repository) {
      const old = former.get(`${owner}/${name}`);
      return old ? { status: 301, headers: { location: `${server.url}/repositories/${old.id}${rest}` } } : notFound;
    }
    const [, what, which = ""] = /^\/(commits|git\/trees|git\/blobs)\/(.+)$/.exec(rest || path) ?? [];
    if (what === "commits") return /^(HEAD|main)$/.test(which) ? commitAnswer(repository, asked) : notFound;
    if (what === "git/trees") return treeAnswer(repository, which, searchParams.has("recursive"));
    if (what === "git/blobs") return blobAnswer(repository, which, asked.headers["accept"] ?? "");
    return notFound;
  }

  const former = new Map<string, Held>();
  const server = await listen({
    ...(options.port === undefined ? {} : { port: options.port }),
    handle,
    failure: (message) => ({ message }),
  });

  function repositoryOf(name: string, files: Record<string, string | Uint8Array>): Repository {
    const own: Held = { name, id: 1000 + held.length, files: new Map(), commits: 0 };
    held.push(own);
    const commit: Repository["commit"] = (changes) => {
      for (const [path, content] of Object.entries(changes)) {
        if (content === null) own.files.delete(path);
        else own.files.set(path, Buffer.from(content));
      }
      own.commits += 1;
      return treeSha(own, "");
    };
    commit(files);
    return {
      commit,
      rename: (next) => {
        former.set(own.name, own);
        own.name = next;
      },
      push: async (hook, more = {}) => {
        const about = { full_name: own.name, id: own.id, default_branch: "main" };
        const body = JSON.stringify(
          more.body ?? {
            ref: more.ref ?? "refs/heads/main",
            after: treeSha(own, ""),
            deleted: false,
            commits: [],
            repository: about,
          },
        );
        const signature = createHmac("sha256", hook.secret).update(body).digest("hex");
        const answer = await fetch(hook.url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "user-agent": "GitHub-Hookshot/local",
            "x-github-event": more.event ?? "push",
            "x-github-delivery": more.delivery ?? randomUUID(),
            "x-hub-signature-256": `sha256=${signature}`,
          },
          body,
        });
        await answer.arrayBuffer();
        return answer.status;
      },
    };
  }

  return {
    port: server.port,
    url: server.url,
    requests,
    faults: {
      ...fault,
      truncateAt: (entries) => {
        most = entries;
      },
    },
    repository: repositoryOf,
    close: () => server.close(),
  };
}
