// Lets Node run the app in process: .ts it strips by itself, the console's .tsx goes through esbuild, which comes with wrangler.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".tsx")) return next(url, context);
    const { code } = transformSync(readFileSync(fileURLToPath(url), "utf8"), {
      loader: "tsx",
      format: "esm",
      target: "es2024",
      jsx: "automatic",
      jsxImportSource: "hono/jsx",
      sourcefile: url,
    });
    return { format: "module", source: code, shortCircuit: true };
  },
});
