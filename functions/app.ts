/** The table of contents: middleware in order, doors, one place for errors. */
import { Hono } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { consoleApp } from "#gateway/console/index.ts";
import { docsPage } from "#gateway/docs-page.ts";
import { mountFeeds } from "#gateway/feeds.ts";
import { answerHeaders } from "#gateway/headers.ts";
import { healthz, readyz } from "#gateway/health.ts";
import { mountHooks } from "#gateway/hooks.ts";
import { jobDoor } from "#gateway/jobs.ts";
import { limited } from "#gateway/limits.ts";
import { agentsDoor, agentsMetadata, agentsMetadataPaths, agentsPath } from "#gateway/mcp/door.ts";
import { openapi } from "#gateway/openapi.ts";
import { sweepInPassing } from "#gateway/passing-sweep.ts";
import { mountPhotos } from "#gateway/photos.ts";
import { answerTo, problem } from "#gateway/problem.ts";
import { handlerOf, honoPath } from "#gateway/route.ts";
import { routes } from "#gateway/routes/index.ts";
import type { App, Runtime } from "#gateway/runtime.ts";
import { mountUnsubscribe } from "#gateway/unsubscribe.ts";

/** `runtimeOf` turns the Worker's bindings into what the doors need; tests bring their own. */
export function createApp(runtimeOf: (bindings: Record<string, unknown>) => Runtime): Hono<App> {
  const app = new Hono<App>();

  app.use(async (c, next) => {
    c.set("runtime", runtimeOf(c.env));
    await next();
  });
  app.use(answerHeaders);
  app.use(limited);
  app.use(sweepInPassing);

  app.get("/healthz", healthz);
  app.get("/readyz", readyz);
  app.get("/openapi.json", (c) => c.json(openapi(routes, c.get("runtime").settings.publicUrl)));
  app.get("/docs", (c) => {
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return c.html(docsPage(openapi(routes, c.get("runtime").settings.publicUrl)));
  });

  app.get("/", (c) => c.redirect("/console", 302));
  app.route("/console", consoleApp());
  app.post("/jobs/:name", jobDoor);
  app.all(agentsPath, agentsDoor());
  for (const path of agentsMetadataPaths) app.get(path, agentsMetadata);
  for (const route of routes) app.on(route.method.toUpperCase(), honoPath(route.path), handlerOf(route));
  for (const [path, group] of Map.groupBy(routes, (route) => route.path)) {
    app.all(honoPath(path), () => {
      const allow = group.map((route) => route.method.toUpperCase()).join(", ");
      throw new Fault("method", "method_not_allowed", { detail: `Use ${allow}.`, allow });
    });
  }

  mountHooks(app);
  mountUnsubscribe(app);
  mountPhotos(app);
  mountFeeds(app);

  app.notFound((c) =>
    problem(
      new Fault("not_found", "route_unknown", { detail: "There is nothing here; see /docs." }),
      c.get("requestId"),
    ),
  );
  app.onError((thrown, c) => answerTo(thrown, c.get("requestId") ?? "", c.get("runtime")?.log ?? console.error));
  return app;
}
