/** The API's documentation as one page, made from the OpenAPI document; no script, nothing fetched from elsewhere. */
import { html, raw } from "hono/html";

type Json = Record<string, unknown>;
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: Json[];
  requestBody?: Json;
};

const style = `:root{color-scheme:light dark;--ink:light-dark(#1c1d1f,#e8e8ea);--soft:light-dark(#65676e,#9a9ca5);--line:light-dark(#e4e4e7,#2c2d32);--paper:light-dark(#fff,#141517);--accent:light-dark(#3b5bdb,#8da2fb)}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:860px;margin:0 auto;padding:32px 24px}
h1{font-size:24px}h2{font-size:18px;margin-top:40px;text-transform:capitalize}article{border-top:1px solid var(--line);padding:16px 0}
code,pre{font:13px/1.5 ui-monospace,monospace}.method{font-weight:600;color:var(--accent);text-transform:uppercase;margin-right:8px}
p{color:var(--soft);margin:4px 0}pre{background:light-dark(#f6f6f8,#1d1e22);padding:12px;border-radius:8px;overflow:auto}table{border-collapse:collapse;width:100%;font-size:13px}td{padding:4px 8px 4px 0;border-top:1px solid var(--line);vertical-align:top}`;

function article(path: string, method: string, operation: Operation) {
  const rows = operation.parameters.map(
    (p) =>
      html`<tr><td><code>${p["name"]}</code></td><td>${p["in"]}${p["required"] ? ", required" : ""}</td><td><code>${JSON.stringify(p["schema"])}</code></td></tr>`,
  );
  const content = operation.requestBody?.["content"] as Record<string, Json> | undefined;
  const sent = content?.["application/json"];
  const shown = sent?.["example"] ?? sent?.["schema"];
  return html`<article id="${operation.operationId}">
<div><span class="method">${method}</span><code>${path}</code></div>
<p>${operation.summary}. ${operation.description}</p>
${rows.length ? html`<table>${rows}</table>` : ""}
${shown ? html`<pre>${JSON.stringify(shown, null, 2)}</pre>` : ""}
</article>`;
}

export function docsPage(document: Json) {
  const operations = Object.entries(document["paths"] as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? "");
  const sections = [...groups].map(
    ([tag, list]) =>
      html`<h2>${tag}</h2>${list.map(({ path, method, operation }) => article(path, method, operation))}`,
  );
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Omneuro API</title><style>${raw(style)}</style></head>
<body><h1>Omneuro API</h1><p>The machine's copy is <a href="/openapi.json">openapi.json</a>. Send an API key as <code>Authorization: Bearer omn_live_…</code>; errors are problem+json (RFC 9457) with a stable <code>code</code>.</p>${sections}</body></html>`;
}
