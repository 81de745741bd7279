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
import { createProjectForm, joinForm, joinPage } from "./join-pages.tsx";
import { createKeyForm, keysPage, revokeKeyForm, rotateKeyForm } from "./key-pages.tsx";
import { discardLetterForm, letterPage, lettersPage, retryLetterForm, retryLettersForm } from "./letter-pages.tsx";
import { disableForm, enableForm, endForm, inviteForm, membersPage, revokeForm, roleForm } from "./members-pages.tsx";
import { changeScheduleForm, runNowForm, schedulesPage } from "./schedules-pages.tsx";
import { loginForm, loginPage, logoutForm, projectForm } from "./session-pages.tsx";
import { confirmForm, signupForm, signupPage } from "./signup-pages.ts";
import {
  cancelSyncForm,
  connectForm,
  rotateSecretForm,
  sourcesPage,
  startSyncForm,
  testEventForm,
} from "./source-pages.tsx";
import { ledgerPage, memoryPage, retryForm } from "./state-pages.tsx";
import { answerTrouble } from "./trouble.tsx";

export function consoleApp(): Hono<App> {
  const pages = new Hono<App>();
  pages.get("/assets/:name", serveAsset);
  pages.use(limitedPages);
  pages.get("/login", loginPage);
  pages.post("/login", loginForm);
  pages.get("/signup", signupPage);
  pages.post("/signup", signupForm);
  pages.post("/signup/confirm", confirmForm);
  pages.get("/join", joinPage);
  pages.post("/join", joinForm);
  pages.post("/projects", createProjectForm);
  pages.get("/members", membersPage);
  pages.post("/members/invite", inviteForm);
  pages.post("/members/:id/role", roleForm);
  pages.post("/members/:id/end", endForm);
  pages.post("/members/:id/disable", disableForm);
  pages.post("/members/:id/enable", enableForm);
  pages.post("/invitations/:id/revoke", revokeForm);
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
  pages.post("/sources/:id/connect", connectForm);
  pages.post("/sources/:id/sync", startSyncForm);
  pages.post("/sources/:id/sync/cancel", cancelSyncForm);
  pages.get("/audit", auditPage);
  pages.get("/schedules", schedulesPage);
  pages.post("/schedules/:id", changeScheduleForm);
  pages.post("/schedules/:id/run", runNowForm);

  pages.get("/letters", lettersPage);
  pages.post("/letters/retry", retryLettersForm);
  pages.get("/letters/:id", letterPage);
  pages.post("/letters/:id/retry", retryLetterForm);
  pages.post("/letters/:id/discard", discardLetterForm);
  pages.all("/*", (c) => {
    if (c.req.path === `${home}/`) return c.redirect(home, 302);
    throw new Fault("not_found", "route_unknown");
  });
  pages.onError(answerTrouble);
  return pages;
}
