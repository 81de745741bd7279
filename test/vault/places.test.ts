// Notion and Google Drive through the whole way: listed page by page, read as Markdown, changed, removed, limited.
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docType, folderType } from "#local/documents/gdrive.ts";
import { words } from "#local/documents/notion.ts";
import { type Bound, driveToken, notionToken, type VaultWorld, vaultWorld } from "./vaulting.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const account = { email: "omneuro@nordvarme.iam.example.com", publicKey };

let v: VaultWorld;
beforeAll(async () => {
  v = await vaultWorld({ account });
});
afterAll(() => v.close());

const paths = async (source: Bound) =>
  (await v.get<{ data: { path: string; title: string }[] }>(`/v1/vault/documents?source=${source.id}`)).data;
const contentOf = async (source: Bound, title: string) => {
  const [row] = await v.neon.query(
    "select content from vault.documents where source_id = $1 and metadata->>'title' = $2",
    [source.id, title],
  );
  return row?.["content"];
};

describe("Notion", () => {
  const id = (n: number) => `153104cd-477e-809d-8dc4-${String(n).padStart(12, "0")}`;
  let source: Bound;

  test("pages are found by search, page by page, and read block by block", async () => {
    v.notion.pageSize(2);
    v.notion.pages.push(
      {
        id: id(1),
        title: "Garanti",
        edited: "2026-11-01T08:00:00.000Z",
        blocks: [
          { type: "heading_1", heading_1: { rich_text: words("Varmepumper") } },
          {
            type: "paragraph",
            paragraph: { rich_text: [...words("Fem år, "), ...words("også* ", { bold: true }), ...words("på dele.")] },
          },
          {
            type: "bulleted_list_item",
            bulleted_list_item: { rich_text: words("Luft til vand") },
            children: [{ type: "bulleted_list_item", bulleted_list_item: { rich_text: words("Udedel") } }],
          },
          { type: "bulleted_list_item", bulleted_list_item: { rich_text: words("Jordvarme") } },
          { type: "code", code: { rich_text: words("a ``` b"), language: "plain text" } },
          { type: "unsupported", unsupported: {} },
          {
            type: "table",
            table: { table_width: 2 },
            children: [
              { type: "table_row", table_row: { cells: [words("Del"), words("År")] } },
              { type: "table_row", table_row: { cells: [words("Pumpe|motor"), words("5")] } },
            ],
          },
          {
            type: "child_page",
            child_page: { title: "Another" },
            children: [{ type: "paragraph", paragraph: { rich_text: words("not here") } }],
          },
        ],
      },
      ...[2, 3, 4].map((n) => ({
        id: id(n),
        title: `Page ${n}`,
        edited: `2026-11-0${n}T08:00:00.000Z`,
        blocks: [{ type: "paragraph", paragraph: { rich_text: words(`What stands on page ${n}.`) } }],
      })),
    );
    source = await v.bind({ source: "notion", repository: "Nordvarme", api_token: notionToken });
    await v.quiet();
    expect(await v.status(source)).toMatchObject({ status: "success", document_count: 4 });
    expect(await contentOf(source, "Garanti")).toBe(
      [
        "# Varmepumper",
        "Fem år, **også\\*** på dele.",
        "- Luft til vand\n  - Udedel\n- Jordvarme",
        "````plaintext\na ``` b\n````",
        "| Del | År |\n| --- | --- |\n| Pumpe\\|motor | 5 |",
      ].join("\n\n"),
    );
    expect(v.embedded()).toContain("Page 2: What stands on page 2.");
  });

  test("a page that search forgot stays; one in the trash or unshared goes", async () => {
    const [, two, three, four] = v.notion.pages;
    if (two) two.unlisted = true;
    if (three) three.in_trash = true;
    if (four) v.notion.pages.splice(3, 1);
    await v.sync(source);
    expect(await v.status(source)).toMatchObject({ status: "success", document_count: 2, removed: 2 });
    expect((await paths(source)).map(({ title }) => title).sort()).toEqual(["Garanti", "Page 2"]);
    expect(v.embedded()).toEqual([]);
  });

  test("a page edited within this minute is read again until the minute is over, and embedded only where it changed", async () => {
    const [one] = v.notion.pages;
    if (one) one.edited = v.clock.now().toISOString();
    v.notion.requests.splice(0);
    await v.sync(source);
    const reads = () => v.notion.requests.splice(0).filter((path) => path.includes(`/blocks/${id(1)}/`)).length;
    expect(reads()).toBeGreaterThan(0);
    v.clock.advance(30_000);
    await v.sync(source);
    expect(reads()).toBeGreaterThan(0);
    v.clock.advance(180_000);
    await v.sync(source);
    reads();
    await v.sync(source);
    expect(reads()).toBe(0);
    expect(v.embedded()).toEqual([]);
  });

  test("429 with a time is waited for; a wrong token is an error", async () => {
    v.notion.faults.answer({
      status: 429,
      json: { object: "error", code: "rate_limited" },
      headers: { "retry-after": "7" },
    });
    await v.post(`/v1/vault/sources/${source.id}/sync`, {});
    v.queue.published.splice(0);
    expect((await v.job(source)).body.outcome).toBe("resting");
    expect(v.queue.published).toMatchObject([{ kind: "vault.sync", delaySeconds: 7 }]);
    v.notion.faults.ok();
    v.clock.advance(8_000);
    expect((await v.job(source)).body.outcome).toBe("done");
    const wrong = await v.bind({ source: "notion", repository: "Other", api_token: "ntn_wrong_0123456789" });
    await v.quiet();
    expect(await v.status(wrong)).toMatchObject({
      status: "error",
      error_message: expect.stringContaining("credentials_refused"),
    });
  });
});

describe("Google Drive", () => {
  let source: Bound;
  const base = { modifiedTime: "2026-11-01T08:00:00.000Z" };

  test("a service account's key reads a folder with its subfolders; Docs come as Markdown", async () => {
    v.drive.pageSize(2);
    v.drive.files.push(
      { ...base, id: "folder-root", name: "Shared", parent: "", mimeType: folderType },
      { ...base, id: "folder-sub", name: "Prices/2026", parent: "folder-root", mimeType: folderType },
      {
        ...base,
        id: "doc-0001",
        name: "Hours",
        parent: "folder-root",
        mimeType: docType,
        content: "# Hours\n\nFrom 8 to 16.\n",
      },
      {
        ...base,
        id: "file-0002",
        name: "prices.md",
        parent: "folder-sub",
        mimeType: "text/markdown",
        content: "Service is 1,450.\n",
      },
      {
        ...base,
        id: "file-0003",
        name: "prices.md",
        parent: "folder-sub",
        mimeType: "text/markdown",
        content: "Parts are extra.\n",
      },
      { ...base, id: "photo-0004", name: "van.jpg", parent: "folder-root", mimeType: "image/jpeg", content: "x" },
      {
        ...base,
        id: "old-0005",
        name: "old.md",
        parent: "folder-root",
        mimeType: "text/markdown",
        content: "Old.",
        trashed: true,
      },
    );
    const key = JSON.stringify({
      type: "service_account",
      client_email: account.email,
      private_key: privateKey,
      token_uri: "https://evil.example.com",
    });
    source = await v.bind({ source: "gdrive", repository: "folder-root", api_token: key });
    await v.quiet();
    expect(await v.status(source)).toMatchObject({ status: "success", document_count: 3, error_message: null });
    expect((await paths(source)).map(({ path, title }) => [path, title]).sort()).toEqual([
      ["Hours (doc-0001)", "Hours"],
      ["Prices∕2026/prices.md (file-0002)", "prices"],
      ["Prices∕2026/prices.md (file-0003)", "prices"],
    ]);
    expect(v.embedded()).toContain("Hours: From 8 to 16.");
  });

  test("while nothing changes one call is enough; a change is found and a trashed file goes", async () => {
    v.drive.requests.splice(0);
    await v.sync(source);
    expect(v.drive.requests).toEqual(["GET /drive/v3/changes"]);
    const [, , doc, prices] = v.drive.files;
    if (doc) Object.assign(doc, { content: "# Hours\n\nFrom 7 to 15.\n", modifiedTime: "2026-11-02T08:00:00.000Z" });
    if (prices) prices.trashed = true;
    v.drive.touch("doc-0001");
    v.drive.touch("file-0002");
    await v.sync(source);
    expect(await v.status(source)).toMatchObject({ status: "success", document_count: 2, changed: 1, removed: 1 });
    expect(v.embedded()).toEqual(["Hours: From 7 to 15."]);
  });

  test("limits come as 403 too; an export that is too large is left out", async () => {
    const limit = { status: 403, json: { error: { errors: [{ reason: "userRateLimitExceeded" }] } } };
    v.drive.touch("doc-0001");
    v.drive.faults.answer(limit, /files/);
    await v.post(`/v1/vault/sources/${source.id}/sync`, {});
    v.queue.published.splice(0);
    expect((await v.job(source)).body.outcome).toBe("resting");
    expect(await v.status(source)).toMatchObject({ status: "in_progress", document_count: 2 });
    const [, , doc] = v.drive.files;
    if (doc) Object.assign(doc, { modifiedTime: "2026-11-03T08:00:00.000Z" });
    v.drive.faults.answer(
      { status: 403, json: { error: { errors: [{ reason: "exportSizeLimitExceeded" }] } } },
      /export/,
    );
    v.clock.advance(61_000);
    await v.job(source);
    v.drive.faults.ok();
    expect(await v.status(source)).toMatchObject({ status: "success" });
    expect((await paths(source)).map(({ title }) => title).sort()).toEqual(["prices"]);
  });

  test("a bearer token works as it is; a key that is none is an error that shows nothing of it", async () => {
    const bearer = await v.bind({ source: "gdrive", repository: "folder-sub", api_token: driveToken });
    await v.quiet();
    expect(await v.status(bearer)).toMatchObject({ status: "success", document_count: 1 });
    v.drive.files.push({ ...base, id: "folder-two", name: "Two", parent: "", mimeType: folderType });
    const broken = await v.bind({
      source: "gdrive",
      repository: "folder-two",
      api_token: '{"client_email":"x@example.com","private_key":"planted-key"}',
    });
    await v.quiet();
    const status = await v.status(broken);
    expect(status).toMatchObject({ status: "error", error_message: expect.stringContaining("token_invalid") });
    expect(JSON.stringify([status, v.lines])).not.toContain("planted-key");
  });
});
