/** The operators' console: pages drawn on the server from the same verbs as every other door. */
import { Hono } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { limitedPages } from "../limits.ts";
import type { App } from "../runtime.ts";
import { askForm } from "./ask-form.ts";
import { answerPageOf, askPage } from "./ask-pages.tsx";
import { serveAsset } from "./assets.ts";
import { auditPage } from "./audit-page.tsx";
import { conversationPage, conversationsPage } from "./conversation-pages.tsx";
import { home } from "./door.ts";
import { createKeyForm, keysPage, revokeKeyForm, rotateKeyForm } from "./key-pages.tsx";
import { loginForm, loginPage, logoutForm, projectForm } from "./session-pages.tsx";
import { rotateSecretForm, sourcesPage, testEventForm } from "./source-pages.tsx";
import { ledgerPage, memoryPage, retryForm } from "./state-pages.tsx";
import { answerTrouble } from "./trouble.tsx";

export function consoleApp(): Hono<App> {
  const pages = new Hono<App>();
  pages.get("/assets/:name", serveAsset);
  pages.use(limitedPages);
  pages.get("/login", loginPage);
  pages.post("/login", loginForm);
  pages.post("/logout", logoutForm);
  pages.post("/project", projectForm);
  pages.get("/", conversationsPage);
  pages.get("/conversations", (c) => c.redirect(home, 302));
  pages.get("/conversations/:id", conversationPage);
  pages.get("/ask", askPage);
  pages.post("/ask", askForm);
  pages.get("/ask/:id", answerPageOf);
  pages.get("/memory", memoryPage);
  pages.post("/memory/retry", retryForm);
  pages.get("/ledger", ledgerPage);
  pages.get("/keys", keysPage);
  pages.post("/keys", createKeyForm);
  pages.post("/keys/:id/rotate", rotateKeyForm);
  pages.post("/keys/:id/revoke", revokeKeyForm);
  pages.get("/sources", sourcesPage);
  pages.post("/sources/:id/secret", rotateSecretForm);
  pages.post("/sources/:id/test", testEventForm);
  pages.get("/audit", auditPage);
  pages.all("/*", (c) => {
    if (c.req.path === `${home}/`) return c.redirect(home, 302);
    throw new Fault("not_found", "route_unknown");
  });
  pages.onError(answerTrouble);
  return pages;
}
