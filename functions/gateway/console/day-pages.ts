/** Where the planner's pages and forms stand. */
import type { Hono } from "hono";
import type { App } from "../runtime.ts";
import { linkForm, linksPage, removeLinkForm } from "./links-pages.tsx";
import { evidencePage, newTaskPage } from "./make-task.tsx";
import { askEmailForm, proveEmailForm, reviewPage, rhythmForm, telegramForm, unlinkForm } from "./review-pages.tsx";
import { summariesPage } from "./summaries-page.tsx";
import { changeForm, makeForm, thingPage, thingsPage } from "./thing-pages.tsx";
import { capturesPage, sayForm, todayPage, undoForm } from "./today-pages.tsx";

export function dayPages(pages: Hono<App>): void {
  pages.get("/today", todayPage);
  pages.post("/today", sayForm);
  pages.get("/captures", capturesPage);
  pages.post("/captures/:id/undo", undoForm);
  pages.get("/links", linksPage);
  pages.post("/links", linkForm);
  pages.post("/links/:id/remove", removeLinkForm);
  pages.get("/review", reviewPage);
  pages.get("/summaries", summariesPage);
  pages.post("/review", rhythmForm);
  pages.post("/review/telegram", telegramForm);
  pages.post("/review/email", askEmailForm);
  pages.post("/review/email/digits", proveEmailForm);
  pages.post("/review/unlink", unlinkForm);
  pages.get("/goals", thingsPage("goal"));
  pages.get("/problems", thingsPage("problem"));
  pages.get("/tasks/new", newTaskPage);
  pages.get("/evidence/:id", evidencePage);
  for (const kind of ["task", "goal", "problem"] as const) {
    pages.post(`/${kind}s`, makeForm(kind));
    pages.get(`/${kind}s/:id`, thingPage(kind));
    pages.post(`/${kind}s/:id`, changeForm(kind));
  }
}
