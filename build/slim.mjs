// Runs before wrangler bundles (wrangler.toml): a copy of Neon's driver without its sockets, pools and TLS, which a Worker that only
// speaks HTTP cannot reach. The package is one minified file whose parts have effects in a bundler's eyes; here it is told that they have
// none, and the bundler leaves out what nothing reaches: 20 of its 46 KiB. A new version that looks otherwise stops the build.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const source = new URL("node_modules/@neondatabase/serverless/index.mjs", root);
/** Named like a package, so that a bundle's accounts name it too. */
const folder = new URL(".cache/slim/node_modules/@neondatabase/serverless/", root);
/** What the product and drizzle import; everything else of the package is not there. */
const offered = new Set(["neon", "neonConfig", "types", "NeonDbError"]);

/** Lines are broken inside strings, which patterns must not meet. */
let text = readFileSync(source, "utf8").replaceAll("\\\n", "");

function change(what, pattern, by) {
  if (!pattern.test(text)) throw new Error(`build/slim.mjs: Neon's driver has changed: ${what} is not found`);
  text = text.replace(pattern, by);
}

change("what names functions", /var (a=\(r,e\)=>\w+\(r,"name")/, "/* @__NO_SIDE_EFFECTS__ */const $1");
change("what wraps a part", /var (T=\(r,e\)=>\(\)=>)/, "/* @__NO_SIDE_EFFECTS__ */const $1");
change("what opens a part", /var (we=\(r,e,t\)=>)/, "/* @__NO_SIDE_EFFECTS__ */const $1");
change("parts opened at the top", /\bwe\((?=[\w$]+\(\))/g, "we(/* @__PURE__ */");
change("classes of sockets", /(=class [\w$]+ extends )[\w$]+\.(?:Client|Pool)\b/g, "$1Object");
change("parts of pg", /var export_\w+=[\w$]+\.\w+;/g, "");
/** pg's types are what the driver reads rows with when nobody brings others. */
const [, overrides] = /new ([\w$]+)\.default\(\s*n\)/.exec(text) ?? [];
change("the exports", /export\{([^}]*)\};/, (_, list) => {
  const kept = list.split(",").filter((one) => offered.has(one.split(" as ").at(-1)) && !one.includes("export_"));
  return `export const types=/* @__PURE__ */new ${overrides}.default()._types;export{${kept}};`;
});

mkdirSync(folder, { recursive: true });
// Two that start at once must not read half a file.
const [file, draft] = [new URL("index.mjs", folder), new URL(`index.${process.pid}.mjs`, folder)].map(fileURLToPath);
writeFileSync(draft, text);
renameSync(draft, file);
