/** The operators' console: pages drawn on the server from the same verbs as every other door. */
import { Hono } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { limitedPages } from "../limits.ts";
import type { App } from "../runtime.ts";
import { appointmentForm, appointmentPage } from "./appointment-pages.tsx";
import { approvalPage, approvalsPage, approveForm, cancelForm, editForm, returnForm } from "./approvals-pages.tsx";
import { askForm } from "./ask-form.ts";
import { answerPageOf, askPage } from "./ask-pages.tsx";
import { serveAsset } from "./assets.ts";
import { auditPage } from "./audit-page.tsx";
import { boardPage, bookForm } from "./board-pages.tsx";
import { blackoutForm, calendarForm, calendarPage, openBlackoutForm, weekForm, weekPage } from "./calendar-pages.tsx";
import { campaignForm, changeCampaignPage, newCampaignPage } from "./campaign-form-pages.tsx";
import { campaignPage, campaignsPage, moveCampaignForm } from "./campaign-pages.tsx";
import { addCanaryForm, canariesPage, canaryPage, runCanariesForm, switchCanaryForm } from "./canary-pages.tsx";
import { writeForm, writePage } from "./compose-pages.tsx";
import { conversationPage, conversationsPage } from "./conversation-pages.tsx";
import { importForm, ownFileForm } from "./data-moves.ts";
import { beginExportForm, dataPage, exportFile, exportPage, hashKeyForm } from "./data-pages.tsx";
import { dayPages } from "./day-pages.ts";
import { documentPage, documentsPage, showSourceForm, syncForm } from "./document-pages.tsx";
import { home } from "./door.ts";
import { eraseForm, erasurePage, erasuresPage } from "./erasure-pages.tsx";
import {
  addNoteForm,
  addPartForm,
  assignJobForm,
  attachForm,
  createJobForm,
  moveJobForm,
  removeNoteForm,
  removePartForm,
  updateJobForm,
} from "./job-forms.ts";
import { addPhotoForm, deletePhotoForm } from "./job-photos.tsx";
import { jobPage, jobsPage, newJobPage } from "./jobs-pages.tsx";
import { createProjectForm, joinForm, joinPage } from "./join-pages.tsx";
import { createKeyForm, keysPage, revokeKeyForm, rotateKeyForm } from "./key-pages.tsx";
import {
  editEntryForm,
  editEntryPage,
  entryPage,
  knowledgePage,
  moveEntryForm,
  newEntryForm,
  newEntryPage,
} from "./knowledge-pages.tsx";
import { discardLetterForm, letterPage, lettersPage, retryLetterForm, retryLettersForm } from "./letter-pages.tsx";
import { disableForm, enableForm, endForm, inviteForm, membersPage, revokeForm, roleForm } from "./members-pages.tsx";
import { noticeRuleForm, noticesPage } from "./notices-pages.tsx";
import { lifePage, outboxPage, resolveForm, sendAgainForm, withdrawForm } from "./outbox-pages.tsx";
import { confirmPage, confirmPasswordForm, passwordForm, passwordPage } from "./password-pages.ts";
import { createPersonForm, keepForm, peoplePage, proposalForm } from "./people-pages.tsx";
import { personForm, personPage } from "./person-pages.tsx";
import { dismissRiskForm, promisesPage, settlePromiseForm } from "./promises-page.tsx";
import { rehearsalPages } from "./rehearsal-pages.tsx";
import { retentionForm, retentionPage } from "./retention-pages.tsx";
import { rulesForm, rulesPage } from "./rules-pages.tsx";
import { changeScheduleForm, runNowForm, schedulesPage } from "./schedules-pages.tsx";
import { newSegmentPage, segmentForm, segmentPage, segmentsPage } from "./segment-pages.tsx";
import { addSenderForm, disableSenderForm, resumeSenderForm, rotateSenderForm, sendersPage } from "./sender-pages.tsx";
import { loginForm, loginPage, logoutForm, projectForm } from "./session-pages.tsx";
import { confirmForm, signupForm, signupPage } from "./signup-pages.ts";
import { bindForm, rotateSecretForm, sourcesPage, testEventForm } from "./source-pages.tsx";
import { ledgerPage, memoryPage, retryForm } from "./state-pages.tsx";
import { cancelSyncForm, connectForm, startSyncForm } from "./sync-pages.ts";
import {
  changeTemplatePage,
  newTemplatePage,
  retireTemplateForm,
  templateForm,
  templatesPage,
} from "./template-pages.tsx";
import { answerTrouble } from "./trouble.tsx";
import { wishesPage } from "./wishes-page.tsx";
import { worldPages } from "./world-pages.tsx";
import { breakerForm, noteForm, statusForm, suggestForm } from "./write-pages.ts";

export function consoleApp(): Hono<App> {
  const pages = new Hono<App>();
  pages.get("/assets/:name", serveAsset);
  pages.use(limitedPages);
  pages.get("/login", loginPage);
  pages.post("/login", loginForm);
  pages.get("/signup", signupPage);
  pages.post("/signup", signupForm);
  pages.post("/signup/confirm", confirmForm);
  pages.get("/confirm", confirmPage);
  pages.post("/confirm", confirmPasswordForm);
  pages.get("/password", passwordPage);
  pages.post("/password", passwordForm);
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
  pages.post("/conversations/:id/notes", noteForm);
  pages.post("/conversations/:id/status", statusForm);
  pages.post("/conversations/:id/suggest", suggestForm);
  pages.post("/conversations/:id/breaker", breakerForm);
  dayPages(pages);
  rehearsalPages(pages);
  worldPages(pages);
  pages.get("/ask", askPage);
  pages.post("/ask", askForm);
  pages.get("/ask/:id", answerPageOf);
  pages.get("/approvals", approvalsPage);
  pages.get("/approvals/:id", approvalPage);
  pages.post("/approvals/:id/approve", approveForm);
  pages.post("/approvals/:id/edit", editForm);
  pages.post("/approvals/:id/return", returnForm);
  pages.post("/approvals/:id/cancel", cancelForm);
  pages.get("/outbox", outboxPage);
  pages.get("/outbox/:id", lifePage);
  pages.post("/outbox/:id/send", sendAgainForm);
  pages.post("/outbox/:id/cancel", withdrawForm);
  pages.post("/outbox/:id/resolve", resolveForm);
  pages.get("/write", writePage);
  pages.post("/write", writeForm);
  pages.get("/people", peoplePage);
  pages.post("/people", createPersonForm);
  pages.get("/people/:id", personPage);
  pages.post("/people/:id/:act{edit|point|forget|merge|unmerge}", keepForm);
  pages.post("/proposals/:id/:decision{accept|dismiss}", proposalForm);
  pages.post("/people/:id/:act", personForm);
  pages.get("/wishes", wishesPage);
  pages.get("/promises", promisesPage);
  pages.post("/promises/:id", settlePromiseForm);
  pages.post("/promises/risks/:id", dismissRiskForm);
  pages.get("/rules", rulesPage);
  pages.post("/rules", rulesForm);
  pages.get("/memory", memoryPage);
  pages.post("/memory/retry", retryForm);
  pages.get("/knowledge", knowledgePage);
  pages.get("/knowledge/new", newEntryPage);
  pages.post("/knowledge/new", newEntryForm);
  pages.get("/knowledge/:id", entryPage);
  pages.get("/knowledge/:id/edit", editEntryPage);
  pages.post("/knowledge/:id/edit", editEntryForm);
  pages.post("/knowledge/:id/:act", moveEntryForm);
  pages.get("/canaries", canariesPage);
  pages.post("/canaries", addCanaryForm);
  pages.post("/canaries/run", runCanariesForm);
  pages.get("/canaries/:id", canaryPage);
  pages.post("/canaries/:id/switch", switchCanaryForm);
  pages.get("/ledger", ledgerPage);
  pages.get("/keys", keysPage);
  pages.post("/keys", createKeyForm);
  pages.post("/keys/:id/rotate", rotateKeyForm);
  pages.post("/keys/:id/revoke", revokeKeyForm);
  pages.get("/sources", sourcesPage);
  pages.post("/sources", bindForm);
  pages.post("/sources/:id/secret", rotateSecretForm);
  pages.post("/sources/:id/test", testEventForm);
  pages.get("/documents", documentsPage);
  pages.get("/documents/:id", documentPage);
  pages.post("/documents/sources/:id/sync", syncForm);
  pages.post("/documents/sources/:id/visibility", showSourceForm);
  pages.post("/sources/:id/connect", connectForm);
  pages.post("/sources/:id/sync", startSyncForm);
  pages.post("/sources/:id/sync/cancel", cancelSyncForm);
  pages.get("/senders", sendersPage);
  pages.post("/senders", addSenderForm);
  pages.post("/senders/:id/credentials", rotateSenderForm);
  pages.post("/senders/:id/disable", disableSenderForm);
  pages.post("/senders/:id/resume", resumeSenderForm);
  pages.get("/audit", auditPage);
  pages.get("/erasures", erasuresPage);
  pages.post("/erasures", eraseForm);
  pages.get("/erasures/:id", erasurePage);
  pages.get("/retention", retentionPage);
  pages.post("/retention/:id", retentionForm);
  pages.get("/data", dataPage);
  pages.post("/data", beginExportForm);
  pages.post("/data/own", ownFileForm);
  pages.post("/data/import", importForm);
  pages.post("/data/key", hashKeyForm);
  pages.get("/data/:id", exportPage);
  pages.get("/data/:id/file", exportFile);
  pages.get("/schedules", schedulesPage);
  pages.post("/schedules/:id", changeScheduleForm);
  pages.post("/schedules/:id/run", runNowForm);

  pages.get("/jobs", jobsPage);
  pages.post("/jobs", createJobForm);
  pages.get("/jobs/new", newJobPage);
  pages.get("/jobs/:id", jobPage);
  pages.post("/jobs/messages/:id", attachForm);
  pages.post("/jobs/:id/move", moveJobForm);
  pages.post("/jobs/:id/assign", assignJobForm);
  pages.post("/jobs/:id/update", updateJobForm);
  pages.post("/jobs/:id/parts", addPartForm);
  pages.post("/jobs/:id/parts/remove", removePartForm);
  pages.post("/jobs/:id/photos", addPhotoForm);
  pages.post("/jobs/:id/photos/delete", deletePhotoForm);
  pages.post("/jobs/:id/notes", addNoteForm);
  pages.post("/jobs/:id/notes/remove", removeNoteForm);
  pages.get("/campaigns", campaignsPage);
  pages.post("/campaigns", campaignForm);
  pages.get("/campaigns/new", newCampaignPage);
  pages.get("/campaigns/:id", campaignPage);
  pages.get("/campaigns/:id/edit", changeCampaignPage);
  pages.post("/campaigns/:id/edit", campaignForm);
  pages.post("/campaigns/:id/:act", moveCampaignForm);
  pages.get("/segments", segmentsPage);
  pages.post("/segments", segmentForm);
  pages.get("/segments/new", newSegmentPage);
  pages.get("/segments/:id", segmentPage);
  pages.post("/segments/:id", segmentForm);
  pages.get("/templates", templatesPage);
  pages.post("/templates", templateForm);
  pages.get("/templates/new", newTemplatePage);
  pages.get("/templates/:id/edit", changeTemplatePage);
  pages.post("/templates/:id", templateForm);
  pages.post("/templates/:id/retire", retireTemplateForm);
  pages.get("/board", boardPage);
  pages.post("/board", bookForm);
  pages.get("/schedule/:id", appointmentPage);
  pages.post("/schedule/:id/:act", appointmentForm);
  pages.get("/calendar", calendarPage);
  pages.post("/calendar", calendarForm);
  pages.post("/calendar/blackouts", blackoutForm);
  pages.post("/calendar/blackouts/:id", openBlackoutForm);
  pages.get("/calendar/:id", weekPage);
  pages.post("/calendar/:id", weekForm);
  pages.get("/notices", noticesPage);
  pages.post("/notices", noticeRuleForm);
  pages.get("/letters", lettersPage);
  pages.post("/letters/retry", retryLettersForm);
  pages.get("/letters/:id", letterPage);
  pages.post("/letters/:id/retry", retryLetterForm);
  pages.post("/letters/:id/discard", discardLetterForm);
  pages.all("/*", (c) => {
    if (c.req.path === `${home}/`) return c.redirect(home, 303);
    throw new Fault("not_found", "route_unknown");
  });
  pages.onError(answerTrouble);
  return pages;
}
